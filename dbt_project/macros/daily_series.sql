{% macro daily_series() -%}
    {#- The daily figures that are forecast and watched, one below the other. -#}
    {%- set metrics = ['total_revenue', 'active_users', 'new_users', 'orders_count', 'messages_sent'] -%}
    select
        date,
        tupleElement(figure, 1) as metric,
        tupleElement(figure, 2) as value
    from {{ ref('daily_metrics') }}
    array join [
        {%- for metric in metrics %}
        ('{{ metric }}', toFloat64({{ metric }})){{ ',' if not loop.last }}
        {%- endfor %}
    ] as figure
{%- endmacro %}
