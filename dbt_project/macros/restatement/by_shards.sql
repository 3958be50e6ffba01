{#-
    Full builds of a cluster (ADR 30): what is made of events is made by the shards, each from the events of its own days.
    `stg_events` is divided by day. A restated model is then told, as when it is mended, which days to make: here those
    of the shard that runs it. A folded one merges what each shard folds of its own events. Whatever else they read is
    whole on every node, once its copies have been waited for.
-#}
{% macro is_by_shards() -%}
    {%- if not execute or flags.WHICH not in ('run', 'build') or model.resource_type != 'model'
        or adapter.get_clickhouse_cluster_name() is none or var('closing', none) or is_restating() -%}
        {{ return(false) }}
    {%- endif -%}
    {%- if model.config.materialized == 'folded' -%} {{ return(true) }} {%- endif -%}
    {%- if model.config.materialized != 'restated' -%} {{ return(false) }} {%- endif -%}
    {%- set reaches = [] -%}
    {%- for input, reach in model.config.meta.restate.reach.items() if is_divided('model.' ~ project_name ~ '.' ~ input) -%}
        {%- do reaches.append(reach) -%}
    {%- endfor -%}
    {#- Others are made of no events, or a row of theirs of events of several days, which lie on several shards. -#}
    {{ return(reaches | unique | list == ['own_day']) }}
{%- endmacro %}

{#- A query as the coordinator sends it: to every shard, with the shard's parts in place of the divided tables. -#}
{% macro by_shards(sql) -%}
    {%- if not is_by_shards() -%} {{ return(sql) }} {%- endif -%}
    {%- do wait_for_copies(model) -%}
    {{ return(
        'select * from cluster(' ~ adapter.get_clickhouse_cluster_name() ~ ', view(\n' ~ of_the_shard(sql) ~ '\n))'
    ) }}
{%- endmacro %}

{#- Whether a day is one of those that the shard which runs the query has the events of. -#}
{% macro is_day_of_the_shard(column) -%}
    {%- set shards = slots_of_shards() -%}
    arrayElement({{ shards }}, {{ sharding_key_of_day('toDate(' ~ column ~ ')') }} % {{ shards | length }} + 1) = shardNum()
{%- endmacro %}

{% macro sharding_key_of_day(day='date') -%} toUInt32({{ day }}) {%- endmacro %}

{#- As `Distributed` does it: the remainder of the key tells the shard; one with a greater weight has several. -#}
{% macro slots_of_shards() -%}
    {%- set slots = [] -%}
    {%- set shards = run_query(
        "select shard_num, any(shard_weight) from system.clusters where cluster = '"
        ~ adapter.get_clickhouse_cluster_name() | replace('"', '') ~ "' group by shard_num order by shard_num"
    ) -%}
    {%- for shard in shards.rows -%}
        {%- for _ in range(shard[1] | int) -%} {%- do slots.append(shard[0] | int) -%} {%- endfor -%}
    {%- endfor -%}
    {{ return(slots) }}
{%- endmacro %}

{#- Whether a model has a part on each shard: the events, and views that are made of nothing else that is divided. -#}
{% macro is_divided(unique_id) -%}
    {%- set node = graph.nodes.get(unique_id) -%}
    {%- if node and node.config.materialized == 'divided' -%} {{ return(true) }} {%- endif -%}
    {%- if node and node.config.materialized == 'view' -%}
        {%- for parent in node.depends_on.nodes if is_divided(parent) -%} {{ return(true) }} {%- endfor -%}
    {%- endif -%}
    {{ return(false) }}
{%- endmacro %}

{#- A query of the model being run with the shard's parts in place of the divided tables. -#}
{% macro of_the_shard(sql) -%}
    {%- set replaced = namespace(sql=sql) -%}
    {%- for parent in model.depends_on.nodes -%}
        {%- if is_divided(parent) -%}
            {%- set name = graph.nodes[parent].relation_name -%}
            {%- set replaced.sql = replaced.sql | replace(name, name[:-1] ~ '__shard`') -%}
        {%- elif parent == 'source.' ~ project_name ~ '.raw.events' -%}
            {%- set name = graph.sources[parent].relation_name -%}
            {%- set replaced.sql = replaced.sql | replace(name, name[:-1] ~ '__shard`') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(replaced.sql) }}
{%- endmacro %}

{#- Wait until every node has all rows of the whole tables that a model reads, be it through views. -#}
{% macro wait_for_copies(node) -%}
    {%- for name in whole_inputs(node) -%}
        {%- do run_query(
            'system sync replica on cluster ' ~ adapter.get_clickhouse_cluster_name() ~ ' ' ~ name ~ ' lightweight'
        ) -%}
    {%- endfor -%}
{%- endmacro %}

{% macro whole_inputs(node) -%}
    {%- set found = [] -%}
    {%- for parent in node.depends_on.nodes -%}
        {%- if parent in graph.sources -%}
            {%- if parent != 'source.' ~ project_name ~ '.raw.events' -%}
                {%- do found.append(graph.sources[parent].relation_name) -%}
            {%- endif -%}
        {%- elif graph.nodes[parent].config.materialized == 'view' -%}
            {%- do found.extend(whole_inputs(graph.nodes[parent])) -%}
        {%- elif not is_divided(parent) -%}
            {%- do found.append(graph.nodes[parent].relation_name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(found | unique | list) }}
{%- endmacro %}
