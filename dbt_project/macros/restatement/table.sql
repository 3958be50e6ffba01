{#-
    A table built whole, from rollups and entities. The first time, and in full builds, its shape is made from the
    query and held against the contract; after that it only has to be filled anew, and swapped in.
-#}
{% materialization table, adapter='clickhouse' %}
    {%- set target = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {%- set side = target.incorporate(path={'identifier': this.identifier ~ '__side'}) -%}

    {{ run_hooks(pre_hooks) }}

    {%- if existing is none or should_full_refresh() -%}
        {%- call statement('main') -%} {{ get_create_table_as_sql(False, side, sql) }} {%- endcall -%}
    {%- else -%}
        {%- do create_like(target, side) -%}
        {%- call statement('main') -%} {{ insert_columns(side, sql) }} {%- endcall -%}
    {%- endif -%}
    {%- do swap_whole(side, target, existing) -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}

{#- By name: columns are those the `.yml` describes. -#}
{% macro insert_columns(relation, sql) -%}
    {%- set columns = model.columns.keys() | join(', ') -%}
    insert into {{ relation }} ({{ columns }})
    select {{ columns }}
    from (
        {{ sql }}
    )
{%- endmacro %}
