/*
path: /api/v1/marts/daily_metrics
summary: The platform by period
description: >-
  Money and counts add up over days; things that a day counts once (uploads, assignments, flags, suspensions, orders, jobs,
  proposals) count again on another day they appear on. Active users do not add up: for weeks and months they are null and
  their daily means take their place, while `wau` and `mau` are those of `as_of`, the last day. Rates are null for weeks and
  months, because the mart does not hold the numbers of reviews that would weigh them.
source: "contract/marts.md: daily_metrics"
marts: [daily_metrics]
roles: [admin, analyst]
grain: One row per period.
order: [date]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  as_of: {type: Date, description: Last day of the period inside the range.}
  days: {type: UInt64, description: Days of the period inside the range.}
  total_revenue: {type: "Decimal(38, 4)", description: Charges of all revenue streams in US dollars.}
  total_refunds: {type: "Decimal(38, 4)", description: Refunds of all revenue streams in US dollars.}
  total_payouts: {type: "Decimal(38, 4)", description: Payouts in US dollars.}
  platform_margin: {type: "Decimal(38, 4)", description: Revenue less refunds and payouts.}
  transaction_count: {type: UInt64, description: Charges and refunds.}
  new_users: {type: UInt64, description: Users whose first signup falls in the period.}
  new_uploaders: {type: UInt64, description: Of them those with role `uploader`.}
  new_creators: {type: UInt64, description: Of them those with role `creator`.}
  active_users: {type: Nullable(UInt64), description: Distinct active users of the day; null for weeks and months.}
  active_users_avg: {type: Float64, description: Mean of the daily numbers over `days`., of: daily_metrics.active_users}
  active_uploaders: {type: Nullable(UInt64), description: Of them those with role `uploader`; null for weeks and months.}
  active_uploaders_avg: {type: Float64, description: Mean of the daily numbers over `days`., of: daily_metrics.active_uploaders}
  active_creators: {type: Nullable(UInt64), description: Of them those with role `creator`; null for weeks and months.}
  active_creators_avg: {type: Float64, description: Mean of the daily numbers over `days`., of: daily_metrics.active_creators}
  wau: {type: UInt64, description: Distinct active users in the 7 days ending on `as_of`.}
  mau: {type: UInt64, description: Distinct active users in the 30 days ending on `as_of`.}
  avg_rating: {type: Nullable(Float64), description: "Mean review score of the day, 1 to 5; null without any, and for weeks and months."}
  first_approval_rate: {type: Nullable(Float64), description: "Share of the day's approving reviews that approve version 1; null without any, and for weeks and months."}
  revision_rate: {type: Nullable(Float64), description: "Share of the day's reviews that ask for a revision; null without any, and for weeks and months."}
  uploads_count: {type: UInt64, description: "Uploads that arrived in full, counted once a day."}
  assignments_created: {type: UInt64, description: "Assignments cut out of uploads, counted once a day."}
  assignments_completed: {type: UInt64, description: "Assignments finished, counted once a day."}
  assignments_rejected: {type: UInt64, description: "Assignments with a review that rejects, counted once a day."}
  flags_created: {type: UInt64, description: "Suspicions raised, counted once a day."}
  flags_resolved: {type: UInt64, description: "Suspicions settled, counted once a day."}
  accounts_suspended: {type: UInt64, description: "Users suspended, counted once a day."}
  messages_sent: {type: UInt64, description: Messages sent to language models.}
  tokens_used: {type: UInt64, description: Tokens those messages used.}
  orders_count: {type: UInt64, description: "Orders, counted once a day."}
  jobs_posted: {type: UInt64, description: "Jobs offered, counted once a day."}
  proposals_sent: {type: UInt64, description: "Proposals sent, counted once a day."}
*/
select
    toDate(dateTrunc({granularity:String}, daily_metrics.date)) as date,
    max(daily_metrics.date) as as_of,
    count() as days,
    sum(daily_metrics.total_revenue) as total_revenue,
    sum(daily_metrics.total_refunds) as total_refunds,
    sum(daily_metrics.total_payouts) as total_payouts,
    sum(daily_metrics.platform_margin) as platform_margin,
    sum(daily_metrics.transaction_count) as transaction_count,
    sum(daily_metrics.new_users) as new_users,
    sum(daily_metrics.new_uploaders) as new_uploaders,
    sum(daily_metrics.new_creators) as new_creators,
    if({granularity:String} = 'day', sum(daily_metrics.active_users), null) as active_users,
    avg(daily_metrics.active_users) as active_users_avg,
    if({granularity:String} = 'day', sum(daily_metrics.active_uploaders), null) as active_uploaders,
    avg(daily_metrics.active_uploaders) as active_uploaders_avg,
    if({granularity:String} = 'day', sum(daily_metrics.active_creators), null) as active_creators,
    avg(daily_metrics.active_creators) as active_creators_avg,
    argMax(daily_metrics.wau, daily_metrics.date) as wau,
    argMax(daily_metrics.mau, daily_metrics.date) as mau,
    if({granularity:String} = 'day', max(daily_metrics.avg_rating), null) as avg_rating,
    if({granularity:String} = 'day', max(daily_metrics.first_approval_rate), null) as first_approval_rate,
    if({granularity:String} = 'day', max(daily_metrics.revision_rate), null) as revision_rate,
    sum(daily_metrics.uploads_count) as uploads_count,
    sum(daily_metrics.assignments_created) as assignments_created,
    sum(daily_metrics.assignments_completed) as assignments_completed,
    sum(daily_metrics.assignments_rejected) as assignments_rejected,
    sum(daily_metrics.flags_created) as flags_created,
    sum(daily_metrics.flags_resolved) as flags_resolved,
    sum(daily_metrics.accounts_suspended) as accounts_suspended,
    sum(daily_metrics.messages_sent) as messages_sent,
    sum(daily_metrics.tokens_used) as tokens_used,
    sum(daily_metrics.orders_count) as orders_count,
    sum(daily_metrics.jobs_posted) as jobs_posted,
    sum(daily_metrics.proposals_sent) as proposals_sent
from daily_metrics
where daily_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
