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
-- uses: currency, period
with used as (
    select
        period_of(toDate(quarter_at, {tz:String})) as date,
        hour_of(quarter_at) as hour,
        if(has({groupBy:Array(String)}, 'provider'), chat_by_quarter_hour.provider, null) as provider,
        if(has({groupBy:Array(String)}, 'model'), chat_by_quarter_hour.model, null) as model,
        toDate(quarter_at) as rate_date,
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
)

select
    used.date as date,
    used.hour as hour,
    used.provider as provider,
    used.model as model,
    sum(used.cost_usd) as cost_usd,
    sum(used.messages) as messages,
    sum(used.tokens) as tokens,
    sum(used.unconverted_count) as unconverted_count,
    {currency:String} as currency,
    told_sum(used.cost_usd, used.rate_date) as cost,
    sumIf(used.messages, rate_on(used.rate_date) = 0) as without_rate_count
from used
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
