/*
path: /api/analytics/revenue/total
summary: Total revenue
description: Revenue of all streams. Money and counts add up over periods and groups.
source: "saas-chat-analytics-phase-10.md: Total revenue"
marts: [revenue_by_quarter_hour, exchange_rates]
roles: [admin, analyst]
grain: One row per period and group with charges or refunds; periods without any have no row.
order: [date, hour, stream, plan_id]
parameters:
  - startDate
  - endDate
  - hourly
  - tz
  - currency
  - name: groupBy
    type: choices
    choices: [stream, plan_id]
    default: []
    description: Columns that split the numbers, comma-separated; by default totals.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  stream: {type: Nullable(String), description: Revenue stream; null when not grouped by it.}
  plan_id: {type: Nullable(String), description: "Plan, '' where the stream has none; null when not grouped by it."}
  gross_usd: {type: "Decimal(38, 4)", description: Charges in US dollars.}
  refund_usd: {type: "Decimal(38, 4)", description: Refunds in US dollars.}
  net_usd: {type: "Decimal(38, 4)", description: Charges less refunds in US dollars.}
  transaction_count: {type: UInt64, description: Charges.}
  refund_count: {type: UInt64, description: Refunds.}
  unconverted_count: {type: UInt64, description: "Charges and refunds without a rate to US dollars, missing from the amounts."}
  currency: {type: String, description: The currency asked for., of: exchange_rates.currency}
  gross: {type: "Nullable(Decimal(38, 4))", description: Charges in it; null when a day has no rate., of: revenue_by_quarter_hour.gross_usd}
  refund: {type: "Nullable(Decimal(38, 4))", description: Refunds in it; null when a day has no rate., of: revenue_by_quarter_hour.refund_usd}
  net: {type: "Nullable(Decimal(38, 4))", description: Charges less refunds in it; null when a day has no rate., of: revenue_by_quarter_hour.net_usd}
  without_rate_count: {type: UInt64, description: Charges and refunds of days without a rate of the currency.}
*/
-- uses: currency, period
with moved as (
    select
        period_of(toDate(quarter_at, {tz:String})) as date,
        hour_of(quarter_at) as hour,
        if(has({groupBy:Array(String)}, 'stream'), revenue_by_quarter_hour.stream, null) as stream,
        if(has({groupBy:Array(String)}, 'plan_id'), revenue_by_quarter_hour.plan_id, null) as plan_id,
        toDate(quarter_at) as rate_date,
        sum(revenue_by_quarter_hour.gross_usd) as gross_usd,
        sum(revenue_by_quarter_hour.refund_usd) as refund_usd,
        sum(revenue_by_quarter_hour.transaction_count) as transaction_count,
        sum(revenue_by_quarter_hour.refund_count) as refund_count,
        sum(revenue_by_quarter_hour.unconverted_count) as unconverted_count
    from revenue_by_quarter_hour
    where toDate(quarter_at, {tz:String}) between {startDate:Date} and {endDate:Date}
    group by
        date,
        hour,
        stream,
        plan_id,
        rate_date
)

select
    moved.date as date,
    moved.hour as hour,
    moved.stream as stream,
    moved.plan_id as plan_id,
    sum(moved.gross_usd) as gross_usd,
    sum(moved.refund_usd) as refund_usd,
    gross_usd - refund_usd as net_usd,
    sum(moved.transaction_count) as transaction_count,
    sum(moved.refund_count) as refund_count,
    sum(moved.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    told_sum(moved.gross_usd, moved.rate_date) as gross,
    told_sum(moved.refund_usd, moved.rate_date) as refund,
    gross - refund as net,
    sumIf(moved.transaction_count + moved.refund_count, rate_on(moved.rate_date) = 0) as without_rate_count
from moved
group by
    date,
    hour,
    stream,
    plan_id
order by
    date,
    hour,
    stream,
    plan_id
limit {limit:UInt64} offset {offset:UInt64}
