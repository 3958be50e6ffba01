/*
path: /api/analytics/providers/usage
summary: Usage by provider
description: What is asked of which provider. Messages and tokens add up over days and groups; distinct users do not, so `users` is there for days and single models only.
source: "saas-chat-analytics-phase-10.md: Usage by provider (OpenAI, Claude, etc.)"
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
  messages: {type: UInt64, description: Messages answered.}
  tokens: {type: UInt64, description: Tokens they used.}
  users: {type: Nullable(UInt64), description: "Distinct users of the model on the day; null unless by day, provider and model."}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(provider_usage.date),
        {granularity:String} = 'month', toStartOfMonth(provider_usage.date),
        provider_usage.date
    ) as date,
    if(has({groupBy:Array(String)}, 'provider'), provider_usage.provider, null) as provider,
    if(has({groupBy:Array(String)}, 'model'), provider_usage.model, null) as model,
    sum(provider_usage.messages) as messages,
    sum(provider_usage.tokens) as tokens,
    if({granularity:String} = 'day' and length({groupBy:Array(String)}) = 2, sum(provider_usage.users), null) as users
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
