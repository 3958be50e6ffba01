/*
reads: [subscription_metrics]
metrics:
  marketplace_active_subscriptions: {help: Subscriptions active on the last day.}
  marketplace_mrr_usd: {help: "Monthly recurring revenue on the last day, US dollars."}
*/
select
    active_subscriptions as marketplace_active_subscriptions,
    mrr as marketplace_mrr_usd
from subscription_metrics
order by date desc
limit 1
