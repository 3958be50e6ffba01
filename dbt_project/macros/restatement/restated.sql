{#-
    A table of which only the days that evidence reaches are built anew (`meta.restate` says which). They are
    built into a side table with the rows of the other days, and swapped in: month by month where the table is
    divided into months (`meta.restate.by: month`), else as a whole. A day without rows disappears. The days are
    logged before the swap, so that whoever depends on them finds them even if this process dies in between.
-#}
{% materialization restated, adapter='clickhouse' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set side = target.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}
    {%- set restate = model.config.meta.restate -%}
    {%- set key = restate.get('key', 'date') -%}

    {{ run_hooks(pre_hooks) }}

    {%- if var('closing', none) -%}
        {%- do close_model(['select * from ' ~ target ~ ' where toDate(' ~ key ~ ") < toDate('" ~ var('closing') ~ "')"]) -%}
    {%- elif existing is none or should_full_refresh() -%}
        {%- set open = first_open_day() if reads_events() else none -%}
        {%- if open is not none -%}
            {%- set sql = 'select * from (' ~ sql ~ '\n) where toDate(' ~ key ~ ") >= toDate('" ~ open ~ "')" -%}
        {%- endif -%}
        {%- if is_by_shards() -%}
            {%- do clickhouse__create_empty_table(False, side, of_the_shard(sql), config.get('contract').enforced) -%}
            {%- do insert_by_shards(side, sql) -%}
        {%- else -%}
            {%- call statement('main') -%} {{ get_create_table_as_sql(False, side, sql) }} {%- endcall -%}
        {%- endif -%}
        {%- if open is not none -%}
            {%- do insert_closed(side, 'toDate(' ~ key ~ ") < toDate('" ~ open ~ "')") -%}
        {%- endif -%}
        {%- do swap_whole(side, target, existing) -%}
    {%- else -%}
        {%- set days = first_column(reach_sql()) -%}
        {%- if days | length == 0 -%}
            {%- call noop_statement('main', 'OK 0 days', 'OK', 0) -%}{%- endcall -%}
        {%- else -%}
            {%- do log_restated(days) -%}
            {%- set months = [] -%}
            {%- if restate.get('by') == 'month' -%}
                {%- for day in days if day.strftime('%Y%m') not in months -%}
                    {%- do months.append(day.strftime('%Y%m')) -%}
                {%- endfor -%}
            {%- endif -%}
            {%- do create_like(target, side) -%}
            {%- call statement('main') -%} {{ insert_mended(side, target, sql, key, months) }} {%- endcall -%}
            {%- if months -%}
                {%- do swap_months(side, target, months) -%}
            {%- else -%}
                {%- do swap_whole(side, target, existing) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{% macro log_restated(days) -%}
    {%- set rows = [] -%}
    {%- for day in days -%}
        {%- do rows.append("('model', '" ~ model.name ~ "', '" ~ day ~ "')") -%}
    {%- endfor -%}
    {%- do run_query(
        'insert into ' ~ source('control', 'evidence') ~ ' (kind, input, date) values ' ~ rows | join(', ')
    ) -%}
{%- endmacro %}

{#- The reached days as they are now, and the others as they were. Columns are those the `.yml` describes. -#}
{% macro insert_mended(side, target, sql, key, months) -%}
    {%- set columns = model.columns.keys() | join(', ') -%}
    {{ insert_columns(side, sql) }}
    union all
    select {{ columns }}
    from {{ target }}
    where
        {{ key }} not in ({{ days_logged_by(model.name) }})
        {% if months %} and toYYYYMM({{ key }}) in ({{ months | join(', ') }}) {% endif %}
{%- endmacro %}

{% macro create_like(target, side) -%}
    {%- do run_query('create table ' ~ side ~ on_cluster_clause(target) ~ ' as ' ~ target) -%}
{%- endmacro %}

{% macro drop_side(side) -%}
    {%- do run_query('drop table ' ~ side ~ on_cluster_clause(side) ~ ' sync') -%}
{%- endmacro %}

{% macro swap_whole(side, target, existing) -%}
    {%- if existing is none -%}
        {%- do run_query('rename table ' ~ side ~ ' to ' ~ target ~ on_cluster_clause(target)) -%}
    {%- else -%}
        {%- do run_query('exchange tables ' ~ side ~ ' and ' ~ target ~ on_cluster_clause(target)) -%}
        {%- do drop_side(side) -%}
    {%- endif -%}
{%- endmacro %}

{#- An emptied month has no partition to put in its place: it is dropped. -#}
{% macro swap_months(side, target, months) -%}
    {%- set filled = first_column(
        "select distinct partition_id from system.parts where active and database = '" ~ side.schema
        ~ "' and table = '" ~ side.identifier ~ "'"
    ) -%}
    {%- set changes = [] -%}
    {%- for month in months -%}
        {%- if month in filled -%}
            {%- do changes.append("replace partition id '" ~ month ~ "' from " ~ side) -%}
        {%- else -%}
            {%- do changes.append("drop partition id '" ~ month ~ "'") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do run_query('alter table ' ~ target ~ ' ' ~ changes | join(', ')) -%}
    {%- do drop_side(side) -%}
{%- endmacro %}

{#- An answer without rows comes without columns, too. -#}
{% macro first_column(query) -%}
    {%- set answer = run_query(query) -%}
    {{ return(answer.columns[0].values() if answer.rows | length > 0 else []) }}
{%- endmacro %}
