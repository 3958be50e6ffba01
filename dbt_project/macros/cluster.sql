{#-
    Cluster mode (ADR 25). A table with the events themselves is divided: each shard has a part of it, `<name>__shard`,
    and a Distributed table of its name stands for the parts. Staging models of event types are views that each shard
    has on its part, behind such a table, so that what is read of an event is taken out of it where it lies. Every
    other table is whole on every node. On one node these macros give what dbt-clickhouse gives.
-#}
{% macro engine_clause() -%}
    {%- if adapter.get_clickhouse_cluster_name() is not none -%}
        {%- do model.config.setdefault('settings', {}).update(as_inserted()) -%}
    {%- endif -%}
    engine = {{ replicated(config.get('engine', default='MergeTree()')) }}
{%- endmacro %}

{#- Replicated tables would pass over an insert that equals an earlier one. -#}
{% macro as_inserted() -%}
    {{ return({'replicated_deduplication_window': '0'}) }}
{%- endmacro %}

{#- An engine as it is in a cluster: of a whole on every node, or of a part on the replicas of its shard. -#}
{% macro replicated(engine, replica='DBT_CLICKHOUSE_WHOLE_REPLICA') -%}
    {%- if adapter.get_clickhouse_cluster_name() is none -%} {{ return(engine) }} {%- endif -%}
    {{ return('Replicated' ~ engine.split('(')[0] ~ '(' ~ env_var(replica) ~ ')') }}
{%- endmacro %}

{% macro part_of(relation) -%}
    {{ return(relation.incorporate(path={'identifier': relation.identifier ~ '__shard'})) }}
{%- endmacro %}

{% macro create_divided(relation, part, key=none) -%}
    create or replace table {{ relation }}{{ on_cluster_clause(relation) }} as {{ part }}
    engine = Distributed(
        {{ adapter.get_clickhouse_cluster_name() }}, `{{ part.schema }}`, `{{ part.identifier }}`{{ ', ' ~ key if key }}
    )
{%- endmacro %}

{#- A table that is added to; in a full build all is put beside what there is, then in its place. -#}
{% materialization divided, adapter='clickhouse' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set side = target.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}

    {{ run_hooks(pre_hooks) }}
    {%- do wait_for_copies(model) -%}
    {%- if existing is not none and not should_full_refresh() -%}
        {%- call statement('main') -%} {{ insert_columns(target, sql) }} {%- endcall -%}
        {%- do wait_for_copies_of(part_of(target)) -%}
    {%- elif adapter.get_clickhouse_cluster_name() is none -%}
        {%- call statement('main') -%} {{ get_create_table_as_sql(False, side, sql) }} {%- endcall -%}
        {%- do swap_whole(side, target, existing) -%}
    {%- else -%}
        {%- set part = part_of(target) -%}
        {%- set part_of_side = part.incorporate(path={'identifier': part.identifier ~ '__side'}) -%}
        {%- set key = model.config.meta.sharding_key -%}
        {%- do run_query(create_part(part_of_side, sql)) -%}
        {%- do divide_slots(target) -%}
        {%- call statement('main') -%} {{ insert_on_shards(part_of_side, of_the_shard(sql)) }} {%- endcall -%}
        {%- do wait_for_copies_of(part_of_side) -%}
        {#- Received on another day than the one they are booked on, or before shards had days. -#}
        {%- set elsewhere = 'not ' ~ is_of_the_shard(key, slots_of(target)) -%}
        {%- set moved = 'select * from ' ~ part_of_side ~ ' where ' ~ elsewhere -%}
        {%- if first_column('select count() from ' ~ on_shards(moved))[0] -%}
            {%- do run_query(create_divided(side, part_of_side, key)) -%}
            {%- do run_query(insert_on_shards(side, moved)) -%}
            {%- do run_query(
                'alter table ' ~ part_of_side ~ on_cluster_clause(part_of_side) ~ ' delete where ' ~ elsewhere
                ~ ' settings mutations_sync = 2, allow_nondeterministic_mutations = 1'
            ) -%}
            {%- do wait_for_copies_of(part_of_side) -%}
            {%- do drop_side(side) -%}
        {%- endif -%}
        {%- do swap_whole(part_of_side, part, part if is_there(part) else none) -%}
        {%- do run_query(create_divided(target, part, key)) -%}
    {%- endif -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro create_part(part, sql) -%}
    {%- do model.config.settings.update(as_inserted()) -%}
    {%- set columns = [] -%}
    {%- for column in adapter.get_column_schema_from_query(sql) -%}
        {%- do columns.append(column.name ~ ' ' ~ column.data_type) -%}
    {%- endfor -%}
    {%- for index in config.get('indexes', []) -%}
        {%- do columns.append('index ' ~ index.name ~ ' ' ~ index.definition) -%}
    {%- endfor -%}
    create table {{ part }}{{ on_cluster_clause(part) }} (
        {{ columns | join(',\n        ') }}
    )
    engine = {{ replicated('MergeTree', 'DBT_CLICKHOUSE_PART_REPLICA') }}
    {{ order_cols(label='order by') }}
    {{ partition_cols(label='partition by') }}
    {{ adapter.get_model_settings(model, 'MergeTree') }}
{%- endmacro %}

{% macro clickhouse__create_view_as(relation, sql) -%}
    {%- if adapter.get_clickhouse_cluster_name() is none or not is_divided(model.unique_id) -%}
        {{ dbt.clickhouse__create_view_as(relation, sql) }}
    {%- else -%}
        {%- do run_query(dbt.clickhouse__create_view_as(part_of(relation), of_the_shard(sql))) -%}
        {%- if model.config.meta.event_types -%}
            {{ create_divided(relation, part_of(relation)) }}
        {%- else -%}
            {#- What it joins to events of all shards is asked of one node. -#}
            {{ dbt.clickhouse__create_view_as(relation, sql) }}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
