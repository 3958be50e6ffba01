with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

revenue as (
    select *
    from {{ ref('revenue') }}
),

payouts as (
    select *
    from {{ ref('stg_payouts') }}
),

activity as (
    select *
    from {{ ref('int_activity__daily') }}
),

money_in as (
    select
        date,
        sum(gross_usd) as total_revenue,
        sum(refund_usd) as total_refunds,
        sum(transaction_count + refund_count) as transaction_count
    from revenue
    group by date
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

users as (
    select
        date,
        countIf(is_new) as new_users,
        countIf(is_new and role = 'uploader') as new_uploaders,
        countIf(is_new and role = 'creator') as new_creators,
        count() as active_users,
        countIf(role = 'uploader') as active_uploaders,
        countIf(role = 'creator') as active_creators,
        groupBitmapState(user_number) as user_numbers
    from activity
    group by date
),

rolling_users as (
    select
        calendar.date as date,
        toUInt64(groupBitmapMerge(users.user_numbers) over (
            order by calendar.date asc rows between 6 preceding and current row
        )) as wau,
        toUInt64(groupBitmapMerge(users.user_numbers) over (
            order by calendar.date asc rows between 29 preceding and current row
        )) as mau
    from calendar
    left join users on calendar.date = users.date
),

uploads as (
    select
        date,
        uniqExact(upload_id) as uploads_count
    from {{ ref('stg_uploads_completed') }}
    group by date
),

assignments_created as (
    select
        date,
        uniqExact(assignment_id) as assignments_created
    from {{ ref('stg_assignments_created') }}
    group by date
),

assignments_completed as (
    select
        date,
        uniqExact(assignment_id) as assignments_completed
    from {{ ref('stg_assignments_completed') }}
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
    group by date
),

flags_created as (
    select
        date,
        uniqExact(flag_id) as flags_created
    from {{ ref('stg_flags_created') }}
    group by date
),

flags_resolved as (
    select
        date,
        uniqExact(flag_id) as flags_resolved
    from {{ ref('stg_flags_resolved') }}
    group by date
),

suspensions as (
    select
        date,
        uniqExact(user_id) as accounts_suspended
    from {{ ref('stg_suspensions') }}
    group by date
),

messages as (
    select
        date,
        count() as messages_sent,
        sum(tokens) as tokens_used
    from {{ ref('stg_chat_messages') }}
    group by date
),

orders as (
    select
        date,
        uniqExact(order_id) as orders_count
    from {{ ref('stg_orders') }}
    group by date
),

jobs as (
    select
        date,
        uniqExact(job_id) as jobs_posted
    from {{ ref('stg_jobs_posted') }}
    group by date
),

proposals as (
    select
        date,
        uniqExact(proposal_id) as proposals_sent
    from {{ ref('stg_proposals_sent') }}
    group by date
),

filled as (
    select
        calendar.date as date,
        toDecimal64(money_in.total_revenue, 4) as total_revenue,
        toDecimal64(money_in.total_refunds, 4) as total_refunds,
        toDecimal64(money_out.total_payouts, 4) as total_payouts,
        money_in.transaction_count as transaction_count,
        users.new_users as new_users,
        users.new_uploaders as new_uploaders,
        users.new_creators as new_creators,
        users.active_users as active_users,
        users.active_uploaders as active_uploaders,
        users.active_creators as active_creators,
        rolling_users.wau as wau,
        rolling_users.mau as mau,
        uploads.uploads_count as uploads_count,
        assignments_created.assignments_created as assignments_created,
        assignments_completed.assignments_completed as assignments_completed,
        reviews.assignments_rejected as assignments_rejected,
        reviews.avg_rating as avg_rating,
        reviews.approved_first / nullIf(reviews.approved, 0) as first_approval_rate,
        reviews.revisions / nullIf(reviews.reviews, 0) as revision_rate,
        flags_created.flags_created as flags_created,
        flags_resolved.flags_resolved as flags_resolved,
        suspensions.accounts_suspended as accounts_suspended,
        messages.messages_sent as messages_sent,
        messages.tokens_used as tokens_used,
        orders.orders_count as orders_count,
        jobs.jobs_posted as jobs_posted,
        proposals.proposals_sent as proposals_sent
    from calendar
    left join money_in on calendar.date = money_in.date
    left join money_out on calendar.date = money_out.date
    left join users on calendar.date = users.date
    left join rolling_users on calendar.date = rolling_users.date
    left join uploads on calendar.date = uploads.date
    left join assignments_created on calendar.date = assignments_created.date
    left join assignments_completed on calendar.date = assignments_completed.date
    left join reviews on calendar.date = reviews.date
    left join flags_created on calendar.date = flags_created.date
    left join flags_resolved on calendar.date = flags_resolved.date
    left join suspensions on calendar.date = suspensions.date
    left join messages on calendar.date = messages.date
    left join orders on calendar.date = orders.date
    left join jobs on calendar.date = jobs.date
    left join proposals on calendar.date = proposals.date
)

select
    date,
    total_revenue,
    total_refunds,
    total_payouts,
    total_revenue - total_refunds - total_payouts as platform_margin,
    transaction_count,
    new_users,
    new_uploaders,
    new_creators,
    active_users,
    active_uploaders,
    active_creators,
    wau,
    mau,
    uploads_count,
    assignments_created,
    assignments_completed,
    assignments_rejected,
    avg_rating,
    first_approval_rate,
    revision_rate,
    flags_created,
    flags_resolved,
    accounts_suspended,
    messages_sent,
    tokens_used,
    orders_count,
    jobs_posted,
    proposals_sent
from filled
