{% macro quantity(property) -%}
    {#- A number of an event as Float64; null where it is absent, or so large that nothing could be counted with it. -#}
    if(
        isFinite(toFloat64OrNull(properties['{{ property }}'])), toFloat64OrNull(properties['{{ property }}']), null
    )
{%- endmacro %}

{% macro sum_of_floats(values) -%}
    {#- In the order of the values, so that the sum is the same to the last digit for any order of arrival. -#}
    arraySum(arraySort(groupArray({{ values }})))
{%- endmacro %}
