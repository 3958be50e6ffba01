/*
reads: [daily_metrics]
labels: [day]
metrics:
  marketplace_daily_signups: {help: "Users who signed up on a UTC day: `last` is the day of the last event, still running, `previous` the whole one before."}
  marketplace_active_users: {help: Users active on the day.}
  marketplace_weekly_active_users: {help: Users active in the 7 days up to it.}
  marketplace_monthly_active_users: {help: Users active in the 30 days up to it.}
  marketplace_revenue_usd: {help: "Revenue of the day, US dollars."}
  marketplace_platform_margin_usd: {help: "Revenue less refunds and payouts of the day, US dollars."}
  marketplace_transactions: {help: Charges and refunds of the day.}
  marketplace_orders: {help: Orders of the day.}
  marketplace_jobs_posted: {help: Jobs posted on the day.}
  marketplace_proposals_sent: {help: Proposals sent on the day.}
  marketplace_uploads: {help: Uploads completed on the day.}
  marketplace_messages_sent: {help: Chat messages sent on the day.}
  marketplace_tokens_used: {help: Tokens of these messages.}
  marketplace_flags_created: {help: Accounts flagged on the day.}
*/
select
    if(row_number() over (order by date desc) = 1, 'last', 'previous') as day,
    new_users as marketplace_daily_signups,
    active_users as marketplace_active_users,
    wau as marketplace_weekly_active_users,
    mau as marketplace_monthly_active_users,
    total_revenue as marketplace_revenue_usd,
    platform_margin as marketplace_platform_margin_usd,
    transaction_count as marketplace_transactions,
    orders_count as marketplace_orders,
    jobs_posted as marketplace_jobs_posted,
    proposals_sent as marketplace_proposals_sent,
    uploads_count as marketplace_uploads,
    messages_sent as marketplace_messages_sent,
    tokens_used as marketplace_tokens_used,
    flags_created as marketplace_flags_created
from daily_metrics
order by date desc
limit 2
