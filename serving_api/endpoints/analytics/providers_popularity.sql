/*
path: /api/analytics/providers/popularity
summary: Most popular models
description: Models in the order of their messages in the range.
source: "saas-chat-analytics-phase-10.md: Most popular models"
marts: [chat_statistics]
roles: [admin, analyst]
grain: One row per model with messages.
order: [rank]
parameters: [startDate, endDate, limit, cursor]
columns:
  rank: {type: UInt64, description: "1 for the model with the most messages; of equals the one with more tokens, then by name."}
  provider: {type: String, description: Company that runs the model.}
  model: {type: String, description: The model.}
  messages: {type: UInt64, description: Messages sent.}
  tokens: {type: UInt64, description: Tokens they used.}
  share: {type: Float64, description: Of all messages of the range.}
*/
with grouped as (
    select
        chat_statistics.provider as provider,
        chat_statistics.model as model,
        sum(chat_statistics.messages) as messages,
        sum(chat_statistics.tokens) as tokens
    from chat_statistics
    where chat_statistics.date between {startDate:Date} and {endDate:Date}
    group by
        provider,
        model
)

select
    row_number() over (
        order by grouped.messages desc, grouped.tokens desc, grouped.provider asc, grouped.model asc
    ) as rank,
    grouped.provider as provider,
    grouped.model as model,
    grouped.messages as messages,
    grouped.tokens as tokens,
    grouped.messages / sum(grouped.messages) over () as share
from grouped
order by rank
limit {limit:UInt64} offset {offset:UInt64}
