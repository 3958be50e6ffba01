/*
path: /api/analytics/chat/by-provider
summary: Usage by AI provider
description: How the messages of a period are spread over the providers. Messages and tokens add up over days.
source: "saas-chat-analytics-phase-10.md: Usage by AI provider"
marts: [chat_statistics]
roles: [admin, analyst]
grain: One row per period and provider with messages.
order: [date, provider]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  provider: {type: String, description: Company that runs the models.}
  messages: {type: UInt64, description: Messages sent.}
  tokens: {type: UInt64, description: Tokens they used.}
  share: {type: Float64, description: Of all messages of the period.}
*/
with grouped as (
    select
        multiIf(
            {granularity:String} = 'week', toMonday(chat_statistics.date),
            {granularity:String} = 'month', toStartOfMonth(chat_statistics.date),
            chat_statistics.date
        ) as period,
        chat_statistics.provider as provider,
        sum(chat_statistics.messages) as messages,
        sum(chat_statistics.tokens) as tokens
    from chat_statistics
    where chat_statistics.date between {startDate:Date} and {endDate:Date}
    group by
        period,
        provider
)

select
    grouped.period as date,
    grouped.provider as provider,
    grouped.messages as messages,
    grouped.tokens as tokens,
    grouped.messages / sum(grouped.messages) over (partition by grouped.period) as share
from grouped
order by
    date,
    provider
limit {limit:UInt64} offset {offset:UInt64}
