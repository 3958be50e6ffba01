{% test rows_satisfy(model, expressions) %}
    {#- An expression that comes out null is not satisfied. -#}
    select *
    from {{ model }}
    where not coalesce(({{ expressions | join(') and (') }}), false)
{% endtest %}
