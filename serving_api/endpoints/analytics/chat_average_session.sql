/*
path: /api/analytics/chat/average-session
summary: Average session duration
description: >-
  How long users chat at a time: their messages with no more than 30 minutes between one and the next. A session counts
  in the period it begins in.
source: "saas-chat-analytics-phase-10.md: Average session duration"
marts: [chat_sessions]
roles: [admin, analyst]
grain: One row per period in which a session begins.
order: [date]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  sessions: {type: UInt64, description: Sessions that begin.}
  avg_session_seconds: {type: Float64, description: Their mean duration from first to last message.}
*/
select
    toDate(dateTrunc({granularity:String}, chat_sessions.date)) as date,
    sum(chat_sessions.sessions) as sessions,
    sum(chat_sessions.total_session_seconds) / sessions as avg_session_seconds
from chat_sessions
where chat_sessions.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
