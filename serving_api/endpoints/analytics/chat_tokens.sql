/*
path: /api/analytics/chat/tokens
summary: Token usage statistics
description: Tokens that messages used. Tokens and messages add up over days and groups.
source: "saas-chat-analytics-phase-10.md: Token usage statistics"
marts: [chat_statistics]
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
    default: []
    description: Columns that split the numbers, comma-separated; by default totals.
  - limit
  - cursor
columns:
  date: {type: Date, description: First day of the period.}
  provider: {type: Nullable(String), description: Company that runs the model; null when not grouped by it.}
  model: {type: Nullable(String), description: The model; null when not grouped by it.}
  tokens: {type: UInt64, description: Tokens used.}
  messages: {type: UInt64, description: Messages that used them.}
  tokens_per_message: {type: Float64, description: Mean tokens of a message.}
*/
select
    multiIf(
        {granularity:String} = 'week', toMonday(chat_statistics.date),
        {granularity:String} = 'month', toStartOfMonth(chat_statistics.date),
        chat_statistics.date
    ) as date,
    if(has({groupBy:Array(String)}, 'provider'), chat_statistics.provider, null) as provider,
    if(has({groupBy:Array(String)}, 'model'), chat_statistics.model, null) as model,
    sum(chat_statistics.tokens) as tokens,
    sum(chat_statistics.messages) as messages,
    tokens / messages as tokens_per_message
from chat_statistics
where chat_statistics.date between {startDate:Date} and {endDate:Date}
group by
    date,
    provider,
    model
order by
    date,
    provider,
    model
limit {limit:UInt64} offset {offset:UInt64}
