/*
path: /catalog
summary: Metrics and dimensions
description: >-
  Every column of every mart of the generation, with what it means, and the endpoints that serve it. What is told apart by a
  column is a dimension, what can be calculated with is a metric. Units are read from the names.
source: "issue 5: catalog"
roles: [admin, analyst]
grain: One row per mart and column.
order: [mart, position]
parameters:
  - name: mart
    type: string
    description: Only this mart.
  - limit
  - cursor
columns:
  mart: {type: LowCardinality(String), description: The mart.}
  position: {type: UInt32, description: "Place of the column in it, from 1."}
  column: {type: String, description: The column.}
  kind: {type: String, description: "`dimension` or `metric`."}
  type: {type: String, description: Its type in ClickHouse.}
  unit: {type: Nullable(String), description: "Unit or format by its name: `USD`, `currency` (that of the row), `ms`, `seconds`, `hours`, `days`, `fraction`, `score`, `day`, `hour`, `instant`, `id`, `count`; null where the name does not say."}
  description: {type: String, description: What it means.}
  grain: {type: Array(String), description: Columns that tell the rows of the mart apart.}
  mart_description: {type: String, description: What the mart is.}
  kept_from: {type: Nullable(Date), description: The first day that is kept of the mart; null while nothing of it has left.}
  endpoints: {type: Array(String), description: Endpoints that serve the column.}
*/
with published as (
    select
        any(publications.code) as code,
        any(publications.kept_from) as kept_from
    from marts.publications
    where publications.generation = {generation:UInt64} and publications.action = 'publish'
),

marts_columns as (
    select
        models.name as mart,
        position,
        field,
        models.grain as grain,
        models.description as mart_description
    from marts.models
    array join
        models.columns as field,
        arrayEnumerate(models.columns) as position
    where
        models.kind = 'mart'
        and models.name = coalesce({mart:Nullable(String)}, models.name)
        and models.code = (select published.code from published)
)

select
    mart,
    position,
    field.name as column,
    if(has(grain, column) or not match(type, '^(Nullable\\()?(U?Int|Float|Decimal)'), 'dimension', 'metric') as kind,
    field.type as type,
    multiIf(
        match(column, '(^|_)usd(_|$)|^m?rr$|^arr$|_mrr$|_(revenue|refunds|payouts|margin)$'), toNullable('USD'),
        match(column, '(^|_)amount$'), 'currency',
        match(column, '_ms$'), 'ms',
        match(column, '_(seconds|s)$'), 'seconds',
        match(column, '(^|_)hours(_|$)'), 'hours',
        match(column, '(^|_)days(_|$)'), 'days',
        match(column, '_(rate|share|completeness)$'), 'fraction',
        match(column, '(^|_)(score|rating|jss)$'), 'score',
        match(type, 'DateTime') and match(column, '_at$'), 'instant',
        match(column, '^hour$'), 'hour',
        match(type, '^(Nullable\\()?Date\\)?$'), 'day',
        match(column, '_id$'), 'id',
        match(type, '^(Nullable\\()?U?Int'), 'count',
        null
    ) as unit,
    field.description as description,
    grain,
    mart_description,
    if(
        mapContains((select published.kept_from from published), mart),
        (select published.kept_from from published)[mart],
        null
    ) as kept_from,
    arraySort(
        arrayMap(
            served -> served.1,
            arrayFilter(
                served -> has(served.2, concat(mart, '.', column)), {served:Array(Tuple(String, Array(String)))}
            )
        )
    ) as endpoints
from marts_columns
order by
    mart,
    position
limit {limit:UInt64} offset {offset:UInt64}
