with uploads as (
    select *
    from {{ ref('stg_uploads_completed') }}
    where {{ restated('date') }}
),

payments as (
    select *
    from {{ ref('stg_payments') }}
    where {{ restated('date') }}
),

creations as (
    select *
    from {{ ref('stg_assignments_created') }}
    where {{ restated('date') }}
),

completions as (
    select *
    from {{ ref('stg_assignments_completed') }}
    where {{ restated('date') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where
        assignment_id in (select creations.assignment_id from creations)
        or assignment_id in (select completions.assignment_id from completions)
),

assignments as (
    select
        creation.uploader_id as uploader_id,
        creation.date as created_date,
        creation.at as created_at,
        completion.id != '' as is_completed,
        completion.date as completed_date,
        completion.at as completed_at
    from known_assignments
    where creation.id != ''
),

converted_payments as (
    {{ with_usd('payments') }}
),

uploaded as (
    select
        date,
        user_id,
        uniqExact(upload_id) as uploads
    from uploads
    group by
        date,
        user_id
),

paid as (
    select
        date,
        user_id,
        coalesce(sum(amount_usd), 0) as spent_usd
    from converted_payments
    group by
        date,
        user_id
),

ordered as (
    select
        created_date as date,
        uploader_id as user_id,
        count() as assignments_created,
        countIf(not is_completed) as pending
    from assignments
    where {{ restated('created_date') }}
    group by
        created_date,
        uploader_id
),

delivered as (
    select
        completed_date as date,
        uploader_id as user_id,
        count() as assignments_completed,
        sum(greatest(0, dateDiff('millisecond', created_at, completed_at))) as delivery_ms
    from assignments
    where is_completed and {{ restated('completed_date') }}
    group by
        completed_date,
        uploader_id
),

parts as (
    select
        date,
        user_id,
        uploads,
        toDecimal64(0, 4) as spent_usd,
        0 as assignments_created,
        0 as assignments_completed,
        0 as delivery_ms,
        0 as pending
    from uploaded
    union all
    select
        date,
        user_id,
        0 as uploads,
        toDecimal64(spent_usd, 4) as spent_usd,
        0 as assignments_created,
        0 as assignments_completed,
        0 as delivery_ms,
        0 as pending
    from paid
    union all
    select
        date,
        user_id,
        0 as uploads,
        toDecimal64(0, 4) as spent_usd,
        assignments_created,
        0 as assignments_completed,
        0 as delivery_ms,
        pending
    from ordered
    union all
    select
        date,
        user_id,
        0 as uploads,
        toDecimal64(0, 4) as spent_usd,
        0 as assignments_created,
        assignments_completed,
        delivery_ms,
        0 as pending
    from delivered
),

summed as (
    select
        date,
        user_id,
        sum(uploads) as all_uploads,
        sum(spent_usd) as all_spent_usd,
        sum(assignments_created) as all_created,
        sum(assignments_completed) as all_completed,
        sum(delivery_ms) as all_delivery_ms,
        sum(pending) as all_pending
    from parts
    group by
        date,
        user_id
)

select
    date,
    user_id,
    toUInt64(all_uploads) as uploads,
    toDecimal64(all_spent_usd, 4) as spent_usd,
    toUInt64(all_created) as assignments_created,
    toUInt64(all_completed) as assignments_completed,
    all_delivery_ms / nullIf(all_completed, 0) / 3600000 as avg_delivery_hours,
    toUInt64(all_pending) as pending
from summed
