/*
path: /api/analytics/chat/conversations
summary: Total conversations
description: Conversations as they are created and deleted. A conversation counts again on another day that creates it anew.
source: "saas-chat-analytics-phase-10.md: Total conversations"
marts: [conversations]
roles: [admin, analyst]
grain: One row per period in which a conversation is created or deleted.
order: [date]
parameters: [startDate, endDate, granularity, limit, cursor]
columns:
  date: {type: Date, description: First day of the period.}
  created: {type: UInt64, description: Conversations created.}
  deleted: {type: UInt64, description: Conversations deleted.}
*/
select
    toDate(dateTrunc({granularity:String}, conversations.date)) as date,
    sum(conversations.created) as created,
    sum(conversations.deleted) as deleted
from conversations
where conversations.date between {startDate:Date} and {endDate:Date}
group by date
order by date
limit {limit:UInt64} offset {offset:UInt64}
