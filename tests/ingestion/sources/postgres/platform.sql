-- The operational tables of the creator platform, as its developers might have written them.
CREATE TYPE transaction_type AS ENUM ('charge', 'refund');

CREATE TABLE users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email text,
    role varchar(20),
    plan_tier text,
    signup_method text,
    country char(2),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE uploads (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    uploader_id uuid REFERENCES users (id),
    output_types text[],
    file_size bigint,
    duration numeric(10, 2),
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE payment_transactions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    user_id uuid,
    upload_id uuid,
    refund_of uuid,
    type transaction_type NOT NULL,
    status text NOT NULL DEFAULT 'completed',
    amount numeric,
    currency char(3),
    method text,
    reason text,
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE payouts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    creator_id uuid,
    amount numeric(12, 2),
    currency text,
    method text,
    status text NOT NULL DEFAULT 'pending',
    created_at timestamptz NOT NULL DEFAULT now(),
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE assignments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    upload_id uuid REFERENCES uploads (id),
    creator_id uuid,
    output_type text,
    level text,
    due_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    claimed_at timestamptz,
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE content_submissions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id uuid REFERENCES assignments (id),
    creator_id uuid,
    version int NOT NULL DEFAULT 1,
    submitted_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
CREATE TABLE reviews (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    assignment_id uuid REFERENCES assignments (id),
    submission_id uuid REFERENCES content_submissions (id),
    decision text,
    overall_score numeric(3, 2),
    completed_at timestamptz,
    updated_at timestamptz DEFAULT now()
);
