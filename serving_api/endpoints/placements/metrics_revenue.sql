/*
path: /api/v1/metrics/revenue
summary: Business and revenue analytics
description: Money in the range, and what changed against as many days before. Money in US dollars adds up over days.
source: "job-placement-analytics-service.md: GET /api/v1/metrics/revenue"
roles: [admin, analyst]
marts: [daily_metrics, subscription_metrics, revenue, client_placements, exchange_rates]
shape: object
parameters: [startDate, endDate, currency]
parts:
  money:
    shape: fields
    columns:
      total_revenue: {type: "Nullable(Decimal(38, 4))", description: Charges of all revenue streams.}
      total_refunds: {type: "Nullable(Decimal(38, 4))", description: Refunds.}
      total_payouts: {type: "Nullable(Decimal(38, 4))", description: Payouts.}
      platform_margin: {type: "Nullable(Decimal(38, 4))", description: Revenue less refunds and payouts.}
      transaction_count: {type: UInt64, description: Charges and refunds.}
  comparison:
    shape: object
    description: The range before, and the change from it to this one as a fraction; null when there was nothing before.
    columns:
      total_revenue: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Charges.}
      platform_margin: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: Revenue less refunds and payouts.}
  recurring:
    shape: object
    description: Subscriptions on the last day of the range that has come.
    columns:
      mrr: {type: "Nullable(Decimal(38, 4))", description: Monthly recurring revenue., of: subscription_metrics.mrr}
      arr: {type: "Nullable(Decimal(38, 4))", description: Annual recurring revenue., of: subscription_metrics.arr}
      active_subscriptions: {type: UInt64, description: Active subscriptions., of: subscription_metrics.active_subscriptions}
  by_stream:
    shape: rows
    description: Revenue by stream.
    order: [stream]
    columns:
      stream: {type: String, description: Revenue stream., of: revenue.stream}
      gross_usd: {type: "Decimal(38, 4)", description: Charges in US dollars., of: revenue.gross_usd}
      refund_usd: {type: "Decimal(38, 4)", description: Refunds in US dollars., of: revenue.refund_usd}
      net_usd: {type: "Decimal(38, 4)", description: Charges less refunds., of: revenue.net_usd}
  by_client:
    shape: rows
    description: The ten clients with the highest placement fees, over the calendar months that the range touches.
    order: [rank]
    columns:
      rank: {type: UInt64, description: From 1 by fees; of equals the smaller id first.}
      client_id: {type: String, description: The employer; empty for placements that name none., of: client_placements.client_id}
      placements: {type: UInt64, description: Placements., of: client_placements.placements}
      fee_usd: {type: "Decimal(38, 4)", description: Their fees in US dollars., of: client_placements.fee_usd}
*/
-- part: money
-- uses: currency
select
    told_sum(daily_metrics.total_revenue, date) as total_revenue,
    told_sum(daily_metrics.total_refunds, date) as total_refunds,
    told_sum(daily_metrics.total_payouts, date) as total_payouts,
    told_sum(daily_metrics.platform_margin, date) as platform_margin,
    sum(daily_metrics.transaction_count) as transaction_count
from daily_metrics
where date between {startDate:Date} and {endDate:Date};

-- part: comparison
-- uses: comparison, currency
with summed as (
    select
        told_sum(if(date >= {startDate:Date}, daily_metrics.total_revenue, 0), date) as revenue,
        told_sum(if(date <= {previousEnd:Date}, daily_metrics.total_revenue, 0), date) as revenue_before,
        told_sum(if(date >= {startDate:Date}, daily_metrics.platform_margin, 0), date) as margin,
        told_sum(if(date <= {previousEnd:Date}, daily_metrics.platform_margin, 0), date) as margin_before
    from daily_metrics
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(revenue, revenue_before) as total_revenue,
    compared(margin, margin_before) as platform_margin
from summed;

-- part: recurring
-- uses: currency
select
    told(argMax(subscription_metrics.mrr, date), max(date)) as mrr,
    told(argMax(subscription_metrics.arr, date), max(date)) as arr,
    argMax(subscription_metrics.active_subscriptions, date) as active_subscriptions
from subscription_metrics
where date between {startDate:Date} and {endDate:Date};

-- part: by_stream
select
    stream,
    sum(revenue.gross_usd) as gross_usd,
    sum(revenue.refund_usd) as refund_usd,
    sum(revenue.net_usd) as net_usd
from revenue
where date between {startDate:Date} and {endDate:Date}
group by stream
order by stream;

-- part: by_client
with clients as (
    select
        client_placements.client_id as client_id,
        sum(client_placements.placements) as placements,
        sum(client_placements.fee_usd) as fee_usd
    from client_placements
    where month between toStartOfMonth({startDate:Date}) and {endDate:Date}
    group by client_id
)

select
    row_number() over (order by clients.fee_usd desc, clients.client_id asc) as rank,
    clients.client_id as client_id,
    clients.placements as placements,
    clients.fee_usd as fee_usd
from clients
order by rank
limit 10;
