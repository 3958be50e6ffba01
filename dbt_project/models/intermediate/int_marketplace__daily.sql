with payouts as (
    select *
    from {{ ref('stg_payouts') }}
    where {{ restated('date') }}
),

converted_payouts as (
    {{ with_usd('payouts') }}
),

money_out as (
    select
        date,
        coalesce(sum(amount_usd), 0) as total_payouts
    from converted_payouts
    group by date
),

uploads as (
    select
        date,
        uniqExact(upload_id) as uploads_count
    from {{ ref('stg_uploads_completed') }}
    where {{ restated('date') }}
    group by date
),

assignments_created as (
    select
        date,
        uniqExact(assignment_id) as assignments_created
    from {{ ref('stg_assignments_created') }}
    where {{ restated('date') }}
    group by date
),

assignments_completed as (
    select
        date,
        uniqExact(assignment_id) as assignments_completed
    from {{ ref('stg_assignments_completed') }}
    where {{ restated('date') }}
    group by date
),

reviews as (
    select
        date,
        uniqExactIf(assignment_id, decision = 'rejected') as assignments_rejected,
        avg(overall_score) as avg_rating,
        count() as reviews,
        countIf(decision = 'approved') as approved,
        countIf(decision = 'approved' and version = 1) as approved_first,
        countIf(decision = 'revision') as revisions
    from {{ ref('stg_assignment_reviews') }}
    where {{ restated('date') }}
    group by date
),

flags_created as (
    select
        date,
        uniqExact(flag_id) as flags_created
    from {{ ref('stg_flags_created') }}
    where {{ restated('date') }}
    group by date
),

flags_resolved as (
    select
        date,
        uniqExact(flag_id) as flags_resolved
    from {{ ref('stg_flags_resolved') }}
    where {{ restated('date') }}
    group by date
),

suspensions as (
    select
        date,
        uniqExact(user_id) as accounts_suspended
    from {{ ref('stg_suspensions') }}
    where {{ restated('date') }}
    group by date
),

messages as (
    select
        date,
        count() as messages_sent,
        sum(tokens) as tokens_used
    from {{ ref('stg_chat_messages') }}
    where {{ restated('date') }}
    group by date
),

orders as (
    select
        date,
        uniqExact(order_id) as orders_count
    from {{ ref('stg_orders') }}
    where {{ restated('date') }}
    group by date
),

jobs as (
    select
        date,
        uniqExact(job_id) as jobs_posted
    from {{ ref('stg_jobs_posted') }}
    where {{ restated('date') }}
    group by date
),

proposals as (
    select
        date,
        uniqExact(proposal_id) as proposals_sent
    from {{ ref('stg_proposals_sent') }}
    where {{ restated('date') }}
    group by date
),

days as (
    select *
    from {{ ref('int_calendar__filled') }}
    where {{ restated('date') }}
),

counted as (
    select
        days.date as date,
        toDecimal64(money_out.total_payouts, 4) as total_payouts,
        uploads.uploads_count as uploads_count,
        assignments_created.assignments_created as assignments_created,
        assignments_completed.assignments_completed as assignments_completed,
        reviews.assignments_rejected as assignments_rejected,
        reviews.avg_rating as avg_rating,
        reviews.reviews as reviews,
        reviews.approved as approved,
        reviews.approved_first as approved_first,
        reviews.revisions as revisions,
        flags_created.flags_created as flags_created,
        flags_resolved.flags_resolved as flags_resolved,
        suspensions.accounts_suspended as accounts_suspended,
        messages.messages_sent as messages_sent,
        messages.tokens_used as tokens_used,
        orders.orders_count as orders_count,
        jobs.jobs_posted as jobs_posted,
        proposals.proposals_sent as proposals_sent
    from days
    left join money_out on days.date = money_out.date
    left join uploads on days.date = uploads.date
    left join assignments_created on days.date = assignments_created.date
    left join assignments_completed on days.date = assignments_completed.date
    left join reviews on days.date = reviews.date
    left join flags_created on days.date = flags_created.date
    left join flags_resolved on days.date = flags_resolved.date
    left join suspensions on days.date = suspensions.date
    left join messages on days.date = messages.date
    left join orders on days.date = orders.date
    left join jobs on days.date = jobs.date
    left join proposals on days.date = proposals.date
)

select * from counted
