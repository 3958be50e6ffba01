{% macro quarter_of_day(at) -%}
    {#- The quarter hour of the UTC day that an instant is in, 0 to 95. -#}
    toUInt8(toHour({{ at }}) * 4 + intDiv(toMinute({{ at }}), 15))
{%- endmacro %}

{% macro quarter_at(at) -%}
    {#- The first instant of its quarter hour. Hours and days of every zone since 1972 are whole ones. -#}
    toDateTime64(toStartOfFifteenMinutes({{ at }}), 3, 'UTC')
{%- endmacro %}
