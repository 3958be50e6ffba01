/*
path: /revisions
summary: Why a number changed
description: >-
  What each publication up to this generation changed: the sum of a column over the rows of a day, before and after, and why;
  the number of rows is the column `rows`. Rates and means are here only where a day is one row. Numbers that only new events
  brought are kept for a month, corrections for two years. Days are by default those up to the day of `X-Complete-Through`.
source: "issue 5: revisions"
roles: [admin, analyst]
grain: One row per generation, mart, day and column that changed, the latest first.
order: [-generation, -mart, -date, -column]
dates: {default_days: 7305}
parameters:
  - startDate
  - endDate
  - name: mart
    type: string
    description: Only this mart.
  - name: column
    type: string
    description: Only this column of the marts, or `rows`.
  - name: changedBy
    alias: generation
    type: generation
    minimum: 1
    description: Only what the publication of this generation changed.
  - limit
  - cursor
columns:
  generation: {type: UInt64, description: The publication that changed it.}
  previous: {type: UInt64, description: The generation it is compared with.}
  published_at: {type: "DateTime64(3, 'UTC')", description: When it was published.}
  mart: {type: LowCardinality(String), description: The mart.}
  date: {type: Date, description: The day whose number is another.}
  column: {type: LowCardinality(String), description: "The column of the mart, or `rows`."}
  old: {type: "Decimal(38, 6)", description: "Sum over the rows of the day before, 0 without any."}
  new: {type: "Decimal(38, 6)", description: The same after.}
  delta: {type: "Decimal(38, 6)", description: New less old.}
  causes: {type: Array(LowCardinality(String)), description: "`new_events`, `late_events`, `resend_conflict`, `seed_change`, `model_change`, `rebuild`."}
*/
select
    revisions.generation as generation,
    revisions.previous as previous,
    revisions.published_at as published_at,
    revisions.mart as mart,
    revisions.date as date,
    revisions.column as column,
    revisions.old as old,
    revisions.new as new,
    revisions.new - revisions.old as delta,
    revisions.causes as causes
from marts.revisions
where
    revisions.generation <= {generation:UInt64}
    -- Builds that died before they were published have left theirs.
    and revisions.generation in (select publications.generation from marts.publications)
    and revisions.generation = coalesce({changedBy:Nullable(UInt64)}, revisions.generation)
    and revisions.mart = coalesce({mart:Nullable(String)}, revisions.mart)
    and revisions.column = coalesce({column:Nullable(String)}, revisions.column)
    and revisions.date between {startDate:Date} and {endDate:Date}
order by
    generation desc,
    mart desc,
    date desc,
    column desc
limit {limit:UInt64} offset {offset:UInt64}
