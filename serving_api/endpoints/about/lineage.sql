/*
path: /lineage/{mart}
summary: What a mart is made of
description: >-
  Everything the mart comes from, down to the raw tables and the types of events, and who reads it: exposures declared in dbt,
  and endpoints of this API. As the models were that made the generation.
source: "issue 5: lineage"
roles: [admin, analyst]
shape: object
grain: A mart.
absent: No mart of that name in this generation.
parameters:
  - name: mart
    type: word
    description: The mart.
parts:
  about:
    shape: fields
    columns:
      mart: {type: String, description: The mart.}
      description: {type: String, description: What it is.}
      grain: {type: Array(String), description: Columns that tell its rows apart.}
      parents: {type: Array(String), description: What it reads itself.}
      event_types: {type: Array(String), description: "Types of events it comes from, directly or through others."}
      reads_all_events: {type: Bool, description: Whether events of every type matter for it.}
  upstream:
    description: Everything it comes from.
    order: [kind, name]
    columns:
      kind: {type: String, description: "`mart`, `intermediate`, `staging`, `seed` or `raw` (tables that events land in)."}
      name: {type: LowCardinality(String), description: The table or view.}
      description: {type: String, description: What it is.}
      parents: {type: Array(String), description: What it reads itself.}
      event_types: {type: Array(String), description: Types of events it reads itself.}
  downstream:
    description: Marts that are made from it.
    order: [name]
    columns:
      name: {type: LowCardinality(String), description: The mart.}
  exposures:
    description: Who reads it, as declared.
    order: [name]
    columns:
      name: {type: LowCardinality(String), description: The exposure.}
      description: {type: String, description: What it is.}
  endpoints:
    description: Endpoints of this API that read it.
    order: [path]
    columns:
      path: {type: String, description: The path.}
*/
-- part: about
with current_models as (
    select *
    from marts.models
    where
        models.code = (
            select any(publications.code)
            from marts.publications
            where publications.generation = {generation:UInt64} and publications.action = 'publish'
        )
),

mart as (
    select *
    from current_models
    where kind = 'mart' and name = {mart:String}
)

select
    any(mart.name) as mart,
    any(mart.description) as description,
    any(mart.grain) as grain,
    any(mart.parents) as parents,
    arraySort(groupUniqArrayArray(upstream.event_types)) as event_types,
    max(upstream.reads_all_events) as reads_all_events
from current_models as upstream
cross join mart
where has(mart.ancestors, upstream.name) or upstream.name = mart.name
having count() > 0;

-- part: upstream
with current_models as (
    select *
    from marts.models
    where
        models.code = (
            select any(publications.code)
            from marts.publications
            where publications.generation = {generation:UInt64} and publications.action = 'publish'
        )
)

select
    toString(kind) as kind,
    name,
    description,
    parents,
    event_types
from current_models
where
    name in (
        select arrayJoin(ancestors)
        from current_models
        where kind = 'mart' and name = {mart:String}
    )
order by
    kind,
    name;

-- part: downstream
select name
from marts.models
where
    kind = 'mart'
    and has(ancestors, {mart:String})
    and code = (
        select any(publications.code)
        from marts.publications
        where publications.generation = {generation:UInt64} and publications.action = 'publish'
    )
order by name;

-- part: exposures
select
    name,
    description
from marts.models
where
    kind = 'exposure'
    and has(parents, {mart:String})
    and code = (
        select any(publications.code)
        from marts.publications
        where publications.generation = {generation:UInt64} and publications.action = 'publish'
    )
order by name;

-- part: endpoints
select served.1 as path
from (select arrayJoin({served:Array(Tuple(String, Array(String)))}) as served) as places
where has(served.2, {mart:String})
order by path;
