/*
path: /api/analytics/providers/costs
summary: Cost per provider
description: What the answers of language models cost. Costs add up over periods and groups.
source: "saas-chat-analytics-phase-10.md: Cost per provider"
marts: [chat_by_quarter_hour, exchange_rates]
roles: [admin, analyst]
grain: One row per period and group with messages; periods without any have no row.
order: [date, hour, provider, model]
parameters: [startDate, endDate, hourly, tz, currency, splitByProvider, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  provider: {type: Nullable(String), description: Company that runs the model; null when not grouped by it.}
  model: {type: Nullable(String), description: The model; null when not grouped by it.}
  cost_usd: {type: "Decimal(38, 4)", description: Costs in US dollars.}
  messages: {type: UInt64, description: Messages answered for them.}
  tokens: {type: UInt64, description: Tokens they used.}
  unconverted_count: {type: UInt64, description: "Messages whose cost has no rate to US dollars, missing from the costs."}
  currency: {type: String, description: The currency asked for., of: exchange_rates.currency}
  cost: {type: "Nullable(Decimal(38, 4))", description: Costs in it; null when a day has no rate., of: chat_by_quarter_hour.cost_usd}
  without_rate_count: {type: UInt64, description: Messages of days without a rate of the currency.}
*/
with used as (
    select
        toDate(dateTrunc(replaceOne({granularity:String}, 'hour', 'day'), toDate(quarter_at, {tz:String}))) as date,
        if(
            {granularity:String} = 'hour',
            quarter_at - toIntervalMinute(toMinute(toTimeZone(quarter_at, {tz:String}))),
            null
        ) as hour,
        if(has({groupBy:Array(String)}, 'provider'), chat_by_quarter_hour.provider, null) as provider,
        if(has({groupBy:Array(String)}, 'model'), chat_by_quarter_hour.model, null) as model,
        toDate(quarter_at) as rate_date,
        {currency:String} as currency,
        sum(chat_by_quarter_hour.cost_usd) as cost_usd,
        sum(chat_by_quarter_hour.messages) as messages,
        sum(chat_by_quarter_hour.tokens) as tokens,
        sum(chat_by_quarter_hour.unconverted_count) as unconverted_count
    from chat_by_quarter_hour
    where toDate(quarter_at, {tz:String}) between {startDate:Date} and {endDate:Date}
    group by
        date,
        hour,
        provider,
        model,
        rate_date
),

converted as (
    select
        used.*,
        exchange_rates.usd_rate > 0 as has_rate,
        toDecimal128(used.cost_usd, 12) / nullIf(exchange_rates.usd_rate, 0) as cost
    from used
    asof left join exchange_rates
        on used.currency = exchange_rates.currency and used.rate_date >= exchange_rates.valid_from
)

select
    converted.date as date,
    converted.hour as hour,
    converted.provider as provider,
    converted.model as model,
    sum(converted.cost_usd) as cost_usd,
    sum(converted.messages) as messages,
    sum(converted.tokens) as tokens,
    sum(converted.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    if(min(converted.has_rate), toDecimal128(round(sum(converted.cost), 4), 4), null) as cost,
    sumIf(converted.messages, not converted.has_rate) as without_rate_count
from converted
group by
    date,
    hour,
    provider,
    model
order by
    date,
    hour,
    provider,
    model
limit {limit:UInt64} offset {offset:UInt64}
