/*
path: /api/v1/analytics/activity
summary: Own activity
description: >-
  What happened to one user in the seven days up to that of `X-Complete-Through`, told in words, and the publications that
  brought it, the latest first. `/api/events` has the events of all, and what they carry.
source: "creator-platform-epic-07: US-7.4, Real-time activity feed, for everybody else"
roles: [admin, analyst, uploader, creator, freelancer, client, vendor]
marts: [activity_feed]
shape: object
parameters: [userId]
parts:
  events:
    shape: rows
    description: The fifty latest events that are about the user, or name him as their vendor or client.
    order: [-at, -id]
    columns:
      id: {type: UUID, description: The event., of: activity_feed.event_id}
      type: {type: LowCardinality(String), description: Its type., of: activity_feed.type}
      text: {type: String, description: What happened., of: activity_feed.description}
      at: {type: "DateTime64(3, 'UTC')", description: When., of: activity_feed.occurred_at}
  publications:
    shape: rows
    shared: true
    description: The ten latest generations up to this one.
    order: [-id]
    columns:
      id: {type: UInt64, description: The generation.}
      text: {type: String, description: What there is since then.}
      at: {type: "DateTime64(3, 'UTC')", description: When.}
*/
-- part: events
select
    activity_feed.event_id as id,
    activity_feed.type as type,
    activity_feed.description as text,
    activity_feed.occurred_at as at
from activity_feed
where
    activity_feed.user_id = {userId:String}
    or activity_feed.properties['vendor_id'] = {userId:String}
    or activity_feed.properties['client_id'] = {userId:String}
order by
    at desc,
    id desc
limit 50;

-- part: publications
with generations as (
    select
        publications.generation as generation,
        argMin(publications.complete_through, publications.sequence) as complete_through,
        min(publications.published_at) as published_at
    from marts.publications
    where
        publications.action = 'publish'
        and publications.generation <= {generation:UInt64}
    group by generation
)

select
    generations.generation as id,
    concat(
        'Generation ',
        toString(generations.generation),
        ' was published',
        coalesce(concat(', with events through ', formatDateTime(generations.complete_through, '%F %R', 'UTC')), ''),
        '.'
    ) as text,
    generations.published_at as at
from generations
order by id desc
limit 10;
