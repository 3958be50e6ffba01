{#-
    A small table built whole from seeds, compared with what it was: where rows differ, the days from
    `meta.compare.from` to before `meta.compare.until` are logged, as far as there are events.
-#}
{% materialization compared, adapter='clickhouse' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set side = target.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}
    {%- set compare = model.config.meta.compare -%}

    {{ run_hooks(pre_hooks) }}
    {%- call statement('main') -%} {{ get_create_table_as_sql(False, side, sql) }} {%- endcall -%}
    {%- if existing is not none and not should_full_refresh() -%}
        {%- set evidence -%}
            insert into {{ source('control', 'evidence') }} (kind, input, date)
            with
                (select (first_date, last_date) from ({{ known_span(relation_of('stg_events'), source('control', 'closings')) }})) as span,
                differing as (
                    select {{ compare.from }} as since, {{ compare.until }} as until
                    from (
                        select *, 1 as side from {{ target }}
                        union all
                        select *, 2 as side from {{ side }}
                    )
                    group by {{ model.columns.keys() | join(', ') }}
                    having min(side) = max(side)
                )
            select distinct
                'model',
                '{{ model.name }}',
                arrayJoin(arrayMap(
                    day -> greatest(since, span.1) + day,
                    range(toUInt32(greatest(0, least(until, span.2 + 1) - greatest(since, span.1))))
                ))
            from differing
        {%- endset -%}
        {%- do run_query(evidence) -%}
    {%- endif -%}
    {%- do swap_whole(side, target, existing) -%}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
