/*
path: /adjustments
summary: What came for closed months
description: >-
  Events of days whose month was closed before they came. Their numbers are booked on the day they came, and closed months
  stay as they are. Days are those of booking, by default up to the day of `X-Complete-Through`.
source: "issue 8: a late event for a frozen day is booked as a logged adjustment"
roles: [admin, analyst]
grain: One row per generation that showed them first, day of booking, closed day and event type, the latest first.
order: [-generation, -date, -closed_date, -event_type]
dates: {default_days: 7305}
parameters:
  - startDate
  - endDate
  - limit
  - cursor
columns:
  generation: {type: UInt64, description: The publication that showed them first.}
  date: {type: Date, description: The day on which they are booked.}
  closed_date: {type: Date, description: The day on which they happened.}
  event_type: {type: LowCardinality(String), description: Their type.}
  events: {type: UInt64, description: How many.}
*/
select
    adjustments.generation as generation,
    adjustments.date as date,
    adjustments.closed_date as closed_date,
    adjustments.event_type as event_type,
    adjustments.events as events
from marts.adjustments
where
    adjustments.generation <= {generation:UInt64}
    -- Builds that died before they were published have left theirs.
    and adjustments.generation in (select publications.generation from marts.publications)
    and adjustments.date between {startDate:Date} and {endDate:Date}
order by
    generation desc,
    date desc,
    closed_date desc,
    event_type desc
limit {limit:UInt64} offset {offset:UInt64}
