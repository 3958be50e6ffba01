/*
path: /api/events
summary: Recent events
description: >-
  The events of the seven days up to that of `X-Complete-Through`, the newest first; without those that machines and audits
  record.
source: "multi-vendor-ecommerce-analytics-service.md: GET /api/events?type="
roles: [admin]
marts: [activity_feed]
grain: One row per event.
order: [-createdAt, -id]
keyset: true
parameters:
  - name: type
    type: string
    description: Only events of this type, by its canonical name, as in `product.viewed`.
  - limit
  - cursor
columns:
  id: {type: UUID, description: The event., of: activity_feed.event_id}
  eventType: {type: LowCardinality(String), description: Its type., of: activity_feed.type}
  userId: {type: Nullable(String), description: The user it is about; null for none., of: activity_feed.user_id}
  metadata: {type: "Map(String, String)", description: "What it carries, values as text.", of: activity_feed.properties}
  createdAt: {type: "DateTime64(3, 'UTC')", description: When it happened., of: activity_feed.occurred_at}
*/
with start as (
    select
        if(
            empty({after:Array(String)}),
            toDateTime64('2299-12-31 00:00:00', 3, 'UTC'),
            parseDateTime64BestEffortOrZero({after:Array(String)}[1], 3, 'UTC')
        ) as at,
        toUUIDOrZero({after:Array(String)}[2]) as id
)

select
    event_id as id,
    type as eventType,
    nullIf(user_id, '') as userId,
    properties as metadata,
    occurred_at as createdAt
from activity_feed
where
    type = coalesce({type:Nullable(String)}, type)
    -- The first condition is the one that an index can use.
    and occurred_at <= (select start.at from start)
    and (occurred_at, event_id) < ((select start.at from start), (select start.id from start))
order by
    occurred_at desc,
    event_id desc
limit {limit:UInt64}
