/*
path: /api/analytics/chat/messages
summary: Total messages sent
description: Messages sent to language models. They add up over days and groups.
source: "saas-chat-analytics-phase-10.md: Total messages sent"
marts: [chat_by_quarter_hour]
roles: [admin, analyst]
grain: One row per period and group with messages; periods without any have no row.
order: [date, hour, provider, model]
parameters: [startDate, endDate, hourly, tz, splitByModel, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  hour: {type: "Nullable(DateTime64(3, 'UTC'))", description: The instant at which the hour begins; null for longer periods.}
  provider: {type: Nullable(String), description: Company that runs the model; null when not grouped by it.}
  model: {type: Nullable(String), description: The model; null when not grouped by it.}
  messages: {type: UInt64, description: Messages sent.}
*/
-- uses: period
select
    period_of(toDate(quarter_at, {tz:String})) as date,
    hour_of(quarter_at) as hour,
    if(has({groupBy:Array(String)}, 'provider'), chat_by_quarter_hour.provider, null) as provider,
    if(has({groupBy:Array(String)}, 'model'), chat_by_quarter_hour.model, null) as model,
    sum(chat_by_quarter_hour.messages) as messages
from chat_by_quarter_hour
where toDate(quarter_at, {tz:String}) between {startDate:Date} and {endDate:Date}
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
