{% macro quantiles(levels, values) -%}
    {#- Exact, linear between the two values around each level; nulls without values. -#}
    arrayMap(
        quantile -> if(isNaN(quantile), null, quantile), quantilesExactInclusive({{ levels | join(', ') }})({{ values }})
    )
{%- endmacro %}
