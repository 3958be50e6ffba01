/*
path: /api/analytics/chat/by-provider
summary: Usage by AI provider
description: How the messages of a period are spread over the providers. Messages and tokens add up over periods.
source: "saas-chat-analytics-phase-10.md: Usage by AI provider"
marts: [chat_by_quarter_hour]
roles: [admin, analyst]
grain: One row per period and provider with messages.
order: [date, hour, provider]
parameters: [startDate, endDate, hourly, tz, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  provider: {type: String, description: Company that runs the models.}
  messages: {type: UInt64, description: Messages sent.}
  tokens: {type: UInt64, description: Tokens they used.}
  share: {type: Float64, description: Of all messages of the period.}
*/
-- uses: period
select
    period_of(toDate(quarter_at, {tz:String})) as date,
    hour_of(quarter_at) as hour,
    provider,
    sum(chat_by_quarter_hour.messages) as messages,
    sum(chat_by_quarter_hour.tokens) as tokens,
    messages / sum(messages) over (partition by date, hour) as share
from chat_by_quarter_hour
where toDate(quarter_at, {tz:String}) between {startDate:Date} and {endDate:Date}
group by
    date,
    hour,
    provider
order by
    date,
    hour,
    provider
limit {limit:UInt64} offset {offset:UInt64}
