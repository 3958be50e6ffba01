{#-
    In a folded model: the payload of the first (last) event for which the condition holds, as a tuple
    (at, id, payload…) that `min` (`max`) merges; with an empty id where there is none.
-#}
{% macro first_if(condition, payload) -%}
    if(
        countIf({{ condition }}) > 0,
        minIf((occurred_at, toString(event_id), {{ payload }}), {{ condition }}),
        tupleConcat(
            (toDateTime64('2299-12-31 23:59:59.999', 3, 'UTC'), ''), minIf(tuple({{ payload }}), false)
        )
    )
{%- endmacro %}

{% macro last_if(condition, payload) -%}
    maxIf((occurred_at, toString(event_id), {{ payload }}), {{ condition }})
{%- endmacro %}

{#-
    A folded model with its rows merged. In a query of its own: a field of a tuple that is read from `final`
    directly is merged without the rest of the tuple, which gives the field of any of the rows.
-#}
{% macro folded(name) -%}
    {%- if model.resource_type == 'unit_test' -%}
        {{ ref(name) }}
    {%- else -%}
        (select * from {{ ref(name) }} final)
    {%- endif -%}
{%- endmacro %}
