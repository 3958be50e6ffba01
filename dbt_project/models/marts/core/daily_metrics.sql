with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

counts as (
    select *
    from {{ ref('int_marketplace__daily') }}
),

rolling_users as (
    select *
    from {{ ref('int_active_users__rolling') }}
),

money_in as (
    select
        date,
        sum(gross_usd) as total_revenue,
        sum(refund_usd) as total_refunds,
        sum(transaction_count + refund_count) as transaction_count
    from {{ ref('revenue') }}
    group by date
),

users as (
    select
        date,
        sum(new_users) as all_new_users,
        sumIf(new_users, role = 'uploader') as new_uploaders,
        sumIf(new_users, role = 'creator') as new_creators,
        sum(active_users) as all_active_users,
        sumIf(active_users, role = 'uploader') as active_uploaders,
        sumIf(active_users, role = 'creator') as active_creators
    from {{ ref('int_active_users__by_plan') }}
    group by date
),

filled as (
    select
        calendar.date as date,
        toDecimal64(money_in.total_revenue, 4) as total_revenue,
        toDecimal64(money_in.total_refunds, 4) as total_refunds,
        counts.total_payouts as total_payouts,
        money_in.transaction_count as transaction_count,
        users.all_new_users as new_users,
        users.new_uploaders as new_uploaders,
        users.new_creators as new_creators,
        users.all_active_users as active_users,
        users.active_uploaders as active_uploaders,
        users.active_creators as active_creators,
        rolling_users.wau as wau,
        rolling_users.mau as mau,
        counts.uploads_count as uploads_count,
        counts.assignments_created as assignments_created,
        counts.assignments_completed as assignments_completed,
        counts.assignments_rejected as assignments_rejected,
        counts.avg_rating as avg_rating,
        counts.approved_first / nullIf(counts.approved, 0) as first_approval_rate,
        counts.revisions / nullIf(counts.reviews, 0) as revision_rate,
        counts.flags_created as flags_created,
        counts.flags_resolved as flags_resolved,
        counts.accounts_suspended as accounts_suspended,
        counts.messages_sent as messages_sent,
        counts.tokens_used as tokens_used,
        counts.orders_count as orders_count,
        counts.jobs_posted as jobs_posted,
        counts.proposals_sent as proposals_sent
    from calendar
    left join money_in on calendar.date = money_in.date
    left join users on calendar.date = users.date
    left join rolling_users on calendar.date = rolling_users.date
    left join counts on calendar.date = counts.date
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
