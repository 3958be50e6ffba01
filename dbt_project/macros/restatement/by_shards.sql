{#-
    Full builds of a cluster (ADR 30): a day is made by the shard that has its events, as `stg_events` is divided by day.
    A restated model is told, as when it is mended, which days to make: here those of the shard that runs it. A folded one
    merges what each shard folds of its own events. Each shard puts what it has made into its copy of the table, from
    where it comes to the others. Whatever else they read is whole on every node, once its copies have been waited for,
    as those of parts are: a query is sent to any replica of a shard.
-#}
{% macro is_by_shards() -%}
    {%- if not execute or flags.WHICH not in ('run', 'build') or model.resource_type != 'model'
        or adapter.get_clickhouse_cluster_name() is none or var('closing', none) or is_restating() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- if model.config.materialized == 'folded' -%} {{ return(true) }} {%- endif -%}
    {%- if model.config.materialized != 'restated' -%} {{ return(false) }} {%- endif -%}
    {%- for input, reach in model.config.meta.restate.reach.items() if reach != 'own_day' -%}
        {#- Events that a row of it is made of lie on several shards. -#}
        {%- if is_divided('model.' ~ project_name ~ '.' ~ input) -%} {{ return(false) }} {%- endif -%}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}

{#- Fill a table that is whole on every node: each shard with what it makes of its days, in its own copy of it. -#}
{% macro insert_by_shards(relation, sql) -%}
    {%- if not is_by_shards() -%}
        {%- call statement('main') -%} {{ insert_columns(relation, sql) }} {%- endcall -%}
    {%- else -%}
        {%- do wait_for_copies(model) -%}
        {%- call statement('main') -%} {{ insert_on_shards(relation, of_the_shard(sql)) }} {%- endcall -%}
        {%- do wait_for_copies_of(relation) -%}
    {%- endif -%}
{%- endmacro %}

{#- Every shard runs the query, and puts what comes of it into what it has of a table. -#}
{% macro insert_on_shards(relation, sql) -%}
    {%- set columns = model.columns.keys() | join(', ') -%}
    insert into function cluster(
        {{ adapter.get_clickhouse_cluster_name() }}, `{{ relation.schema }}`, `{{ relation.identifier }}`
    ) ({{ columns }})
    select {{ columns }}
    from {{ on_shards('select ' ~ columns ~ ' from (' ~ sql ~ ')') }}
    settings parallel_distributed_insert_select = 2
{%- endmacro %}

{% macro on_shards(sql) -%} cluster({{ adapter.get_clickhouse_cluster_name() }}, view({{ sql }})) {%- endmacro %}

{#- Whether a day is one of those that the shard which runs the query has the events of. -#}
{% macro is_day_of_the_shard(column) -%}
    {%- set events = graph.nodes['model.' ~ project_name ~ '.stg_events'] -%}
    {{ is_of_the_shard(
        events.config.meta.sharding_key | replace('date', 'toDate(' ~ column ~ ')'),
        slots_of(api.Relation.create(schema=events.schema, identifier=events.name))
    ) }}
{%- endmacro %}

{#-
    `Distributed` divides by the remainder of the key: as many slots as the weights of all shards come to. A table that is
    divided by the slot tells each shard which ones it has, and of how many.
-#}
{% macro is_of_the_shard(key, slots) -%}
    has(
        (select groupArray(slots.slot) from {{ part_of(slots) }} as slots),
        moduloOrZero({{ key }}, (select max(slots.slots) from {{ part_of(slots) }} as slots))
    )
{%- endmacro %}

{% macro slots_of(divided) -%}
    {{ return(divided.incorporate(path={'identifier': divided.identifier ~ '__slots'})) }}
{%- endmacro %}

{% macro divide_slots(divided) -%}
    {%- set slots = slots_of(divided) -%}
    {%- set part = part_of(slots) -%}
    {%- do run_query(
        'create or replace table ' ~ part ~ on_cluster_clause(part) ~ ' (slot UInt32, slots UInt32) engine = '
        ~ replicated('MergeTree', 'DBT_CLICKHOUSE_PART_REPLICA') ~ ' order by slot'
    ) -%}
    {%- do run_query(create_divided(slots, part, 'slot')) -%}
    {%- do run_query(
        'insert into ' ~ slots ~ ' select arrayJoin(range(slots)), slots from (select sum(weight) as slots from '
        ~ "(select any(shard_weight) as weight from system.clusters where cluster = '" ~ adapter.get_clickhouse_cluster_name() | replace('"', '')
        ~ "' group by shard_num))"
    ) -%}
    {%- do wait_for_copies_of(part) -%}
{%- endmacro %}

{#- Whether an input has a part on each shard: the events, and views that are made of nothing else that is divided. -#}
{% macro is_divided(unique_id) -%}
    {%- if unique_id == 'source.' ~ project_name ~ '.raw.events' -%} {{ return(true) }} {%- endif -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {%- if node and node.config.materialized == 'divided' -%} {{ return(true) }} {%- endif -%}
    {%- if node and node.config.materialized == 'view' -%}
        {%- for parent in node.depends_on.nodes if is_divided(parent) -%} {{ return(true) }} {%- endfor -%}
    {%- endif -%}
    {{ return(false) }}
{%- endmacro %}

{#- What a node has of an input itself: its part of a divided one, any other whole. -#}
{% macro name_on_a_node(unique_id) -%}
    {%- set name = (graph.sources.get(unique_id) or graph.nodes[unique_id]).relation_name -%}
    {{ return(name[:-1] ~ '__shard`' if is_divided(unique_id) else name) }}
{%- endmacro %}

{#- A query of the model being run with the shard's parts in place of the divided tables. -#}
{% macro of_the_shard(sql) -%}
    {%- set replaced = namespace(sql=sql) -%}
    {%- for parent in model.depends_on.nodes if is_divided(parent) -%}
        {%- set name = (graph.sources.get(parent) or graph.nodes[parent]).relation_name -%}
        {%- set replaced.sql = replaced.sql | replace(name, name_on_a_node(parent)) -%}
    {%- endfor -%}
    {{ return(replaced.sql) }}
{%- endmacro %}

{#-
    Wait until every node has all rows of what a model reads, be it through views: of parts, the replicas of the shard.
    On one node there is nothing to wait for.
-#}
{% macro wait_for_copies(node) -%}
    {%- for name in copied_inputs(node) -%} {%- do wait_for_copies_of(name) -%} {%- endfor -%}
{%- endmacro %}

{% macro wait_for_copies_of(name) -%}
    {%- if adapter.get_clickhouse_cluster_name() is not none -%}
        {%- do run_query(
            'system sync replica on cluster ' ~ adapter.get_clickhouse_cluster_name() ~ ' ' ~ name ~ ' lightweight'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{% macro copied_inputs(node) -%}
    {%- set found = [] -%}
    {%- for parent in node.depends_on.nodes -%}
        {%- if parent in graph.nodes and graph.nodes[parent].config.materialized == 'view' -%}
            {%- do found.extend(copied_inputs(graph.nodes[parent])) -%}
        {%- else -%}
            {%- do found.append(name_on_a_node(parent)) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | unique | list) }}
{%- endmacro %}
