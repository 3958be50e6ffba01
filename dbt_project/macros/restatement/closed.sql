{#-
    Closed months (ADR 18): events of days before `closed_before` are gone. Models that read events keep what they made
    of them in the database `closed`; a full build takes those rows from there, and no build mends them.
-#}
{% macro closed_before() -%}
    {#- The first open day, as an expression; 1970-01-01 where nothing was ever closed. -#}
    (select max(closings.closed_before) from {{ source('control', 'closings') }} as closings)
{%- endmacro %}

{% macro first_open_day() -%}
    {#- The same as a text; none where nothing was ever closed. Builds know it once for all; dbt run by hand asks. -#}
    {%- set known = var('open_from', 'unknown') -%}
    {%- if known != 'unknown' -%} {{ return(known) }} {%- endif -%}
    {%- set days = first_column('select distinct ' ~ closed_before() ~ ' as day from ' ~ source('control', 'closings')) -%}
    {{ return(days[0] | string if days else none) }}
{%- endmacro %}

{% macro known_span(events, closings) -%}
    {#- First and last day there were events on, those of closed months too; no row where there were none. -#}
    select
        min(spans.first_date) as first_date,
        max(spans.last_date) as last_date
    from (
        select
            min(events.date) as first_date,
            max(events.date) as last_date
        from {{ events }} as events
        having count() > 0
        union all
        select
            min(closings.first_date) as first_date,
            max(closings.last_date) as last_date
        from {{ closings }} as closings
        having count() > 0
    ) as spans
    having count() > 0
{%- endmacro %}

{% macro reads_events() -%}
    {#- Whether a restated model reads events, so that its closed days cannot be built anew. -#}
    {%- for input, name in model.config.meta.restate.reach.items() if name != 'none' -%}
        {%- if input == 'stg_events' -%}
            {{ return(true) }}
        {%- endif -%}
        {%- for pair in evidence_of('model.' ~ project_name ~ '.' ~ input) if pair[0] == 'events' -%}
            {{ return(true) }}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(false) }}
{%- endmacro %}

{% macro closed_relation() -%}
    {{ return(this.incorporate(path={'schema': 'closed'}, type='table')) }}
{%- endmacro %}

{% macro close_model(rows) -%}
    {#- While months are being closed: makes the model's table in `closed` of the rows of some queries. -#}
    {%- set kept = closed_relation() -%}
    {%- set side = kept.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}
    {%- do run_query('drop table if exists ' ~ side ~ ' sync') -%}
    {%- do create_like(this, side) -%}
    {%- for query in rows -%}
        {%- call statement('main') -%} {{ insert_columns(side, query) }} {%- endcall -%}
    {%- endfor -%}
    {%- do swap_whole(side, kept, kept if is_there(kept) else none) -%}
{%- endmacro %}

{% macro insert_closed(target, condition='true') -%}
    {#- Rows of closed months, by the columns that then and now have in common: a column made later has its default. -#}
    {%- set kept = closed_relation() -%}
    {%- if first_open_day() is not none -%}
        {%- set known = first_column(
            "select name from system.columns where database = '" ~ kept.schema ~ "' and table = '" ~ kept.identifier ~ "'"
        ) -%}
        {%- set columns = model.columns.keys() | select('in', known) | join(', ') -%}
        {%- if known -%}
            {%- do run_query(
                'insert into ' ~ target ~ ' (' ~ columns ~ ') select ' ~ columns ~ ' from ' ~ kept ~ ' where ' ~ condition
            ) -%}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{% macro is_there(relation) -%}
    {{ return(first_column(
        "select name from system.tables where database = '" ~ relation.schema ~ "' and name = '" ~ relation.identifier ~ "'"
    ) | length > 0) }}
{%- endmacro %}
