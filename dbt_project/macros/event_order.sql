{% macro event_order() -%}
    {#-
        The order of events that makes "first" and "last" independent of arrival: by instant, ties by
        the text of the id (ClickHouse compares UUIDs by their second half, which no reader expects).
    -#}
    (occurred_at, toString(event_id))
{%- endmacro %}
