{% test rows_keep_the_rules(model, grain, expressions=[]) %}
    {#- One row per broken rule, with an example. An expression that comes out null is broken. -#}
    select
        'one row per {{ grain | join(", ") }}' as rule,
        toString(tuple({{ grain | join(', ') }})) as example,
        count() as broken
    from {{ model }}
    group by {{ grain | join(', ') }}
    having count() > 1
    {% if expressions %}
        union all
        select
            rule,
            any(toString(tuple({{ grain | join(', ') }}))) as example,
            count() as broken
        from {{ model }}
        array join
            arrayFilter(
                (rule, holds) -> not holds,
                [{% for rule in expressions %}'{{ rule | replace("'", "''") }}'{{ ', ' if not loop.last }}{% endfor %}],
                [{% for rule in expressions %}coalesce({{ rule }}, false){{ ', ' if not loop.last }}{% endfor %}]
            ) as rule
        group by rule
    {% endif %}
{% endtest %}
