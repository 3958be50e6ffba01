/*
path: /api/analytics/providers/costs
summary: Cost per provider
description: What the answers of language models cost in US dollars. Costs add up over days and groups.
source: "saas-chat-analytics-phase-10.md: Cost per provider"
marts: [provider_usage]
roles: [admin, analyst]
grain: One row per period and group with messages; periods without any have no row.
order: [date, provider, model]
parameters:
  - startDate
  - endDate
  - granularity
  - name: groupBy
    type: choices
    choices: [provider, model]
    default: [provider]
    description: Columns that split the numbers, comma-separated; by default totals.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  provider: {type: Nullable(String), description: Company that runs the model; null when not grouped by it.}
  model: {type: Nullable(String), description: The model; null when not grouped by it.}
  cost_usd: {type: "Decimal(38, 4)", description: Costs in US dollars.}
  messages: {type: UInt64, description: Messages answered for them.}
  tokens: {type: UInt64, description: Tokens they used.}
  unconverted_count: {type: UInt64, description: "Messages whose cost has no rate to US dollars, missing from `cost_usd`."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(provider_usage.date),
        {granularity:String} = 'month', toStartOfMonth(provider_usage.date),
        provider_usage.date
    ) as date,
    if(has({groupBy:Array(String)}, 'provider'), provider_usage.provider, null) as provider,
    if(has({groupBy:Array(String)}, 'model'), provider_usage.model, null) as model,
    sum(provider_usage.cost_usd) as cost_usd,
    sum(provider_usage.messages) as messages,
    sum(provider_usage.tokens) as tokens,
    sum(provider_usage.unconverted_count) as unconverted_count
from provider_usage
where provider_usage.date between {startDate:Date} and {endDate:Date}
group by
    date,
    provider,
    model
order by
    date,
    provider,
    model
limit {limit:UInt64} offset {offset:UInt64}
