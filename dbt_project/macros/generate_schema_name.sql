{% macro generate_schema_name(custom_schema_name, node) -%}
    {#- Everything is built in one database, then published as one generation: no schema per layer. -#}
    {{ target.schema }}
{%- endmacro %}
