{#-
    What is known of each entity (an assignment, a contract, a user), merged from its events by functions that
    give the same for any order and repetition (min, max, union of sets): new events are folded in by adding
    rows, and ClickHouse merges them (AggregatingMergeTree; read with `final`). The column named by
    `meta.fold.days` holds all days on which events of the entity count: these are logged, because an event
    may change what the entity's other events mean. When months are closed, what their events come to is put aside; the
    table as it was built where `meta.fold.closed` says `as_built`.
    What has been folded cannot be taken out again: where events have been rewritten, all are folded anew, and the
    days of the entities that are others than before are logged.
-#}
{% materialization folded, adapter='clickhouse' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set side = target.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}
    {%- set fold = model.config.meta.fold -%}

    {{ run_hooks(pre_hooks) }}

    {%- if var('closing', none) -%}
        {%- set kept = closed_relation() -%}
        {%- set fold_of_closed = 'select * from ' ~ target if fold.get('closed') == 'as_built' else sql -%}
        {%- do close_model([fold_of_closed, 'select * from ' ~ kept] if is_there(kept) else [fold_of_closed]) -%}
    {%- elif existing is none or should_full_refresh() -%}
        {%- do create_folded(side) -%}
        {%- do insert_by_shards(side, sql) -%}
        {%- do insert_closed(side) -%}
        {%- do swap_whole(side, target, existing) -%}
    {%- elif is_refolding() -%}
        {%- do create_folded(side) -%}
        {%- do insert_by_shards(side, sql) -%}
        {%- do insert_closed(side) -%}
        {%- if fold.get('days') -%} {%- do run_query(days_refolded(side, target, fold.days)) -%} {%- endif -%}
        {%- do swap_whole(side, target, existing) -%}
    {%- else -%}
        {%- call statement('main') -%} {{ insert_columns(target, sql) }} {%- endcall -%}
        {%- if fold.get('days') -%}
            {%- set evidence -%}
                insert into {{ source('control', 'evidence') }} (kind, input, date)
                select distinct
                    'model',
                    '{{ model.name }}',
                    arrayJoin({{ fold.days }})
                from {{ target }} final
                where {{ fold.key }} in (select {{ fold.key }} from ({{ sql }}))
            {%- endset -%}
            {%- do run_query(evidence) -%}
        {%- endif -%}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro create_folded(side) -%}
    {%- call statement('create_side') -%}
        create table {{ side }}{{ on_cluster_clause(side) }}
        (
            {%- for column in model.columns.values() %}
            {{ column.name }} {{ column.data_type }}{{ ',' if not loop.last }}
            {%- endfor %}
        )
        engine = {{ replicated('AggregatingMergeTree') }}
        order by ({{ config.get('order_by') | join(', ') }})
        settings allow_nullable_key = 1
        {%- if adapter.get_clickhouse_cluster_name() is not none -%}
            , replicated_deduplication_window = 0
        {%- endif %}
    {%- endcall -%}
{%- endmacro %}

{% macro days_refolded(side, target, days) -%}
    {%- set values = [] -%}
    {%- for column in model.columns.values() -%}
        {#- Sets come in any order. -#}
        {%- do values.append('arraySort(' ~ column.name ~ ')' if 'Array(' in column.data_type else column.name) -%}
    {%- endfor -%}
    insert into {{ source('control', 'evidence') }} (kind, input, date)
    select distinct
        'model',
        '{{ model.name }}',
        arrayJoin(days_of_it)
    from (
        select groupArrayArray({{ days }}) as days_of_it
        from (
            select *, 1 as side from {{ target }} final
            union all
            select *, 2 as side from {{ side }} final
        )
        group by {{ values | join(', ') }}
        having min(side) = max(side)
    )
{%- endmacro %}
