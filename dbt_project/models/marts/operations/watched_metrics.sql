{#- The figures of the `.yml`, one below the other. dbt must know beforehand which marts they are from. -#}
-- depends_on: {{ ref('daily_metrics') }}
-- depends_on: {{ ref('revenue') }}
-- depends_on: {{ ref('system_health') }}
-- depends_on: {{ ref('vendor_metrics') }}
{#- A unit test, which has no series of its own, gives them as a variable. -#}
{%- set watched = var('watched', model.config.meta.series) if execute else [] %}
with calendar as (
    select date
    from {{ ref('int_calendar__filled') }}
),

{% for series in watched -%}
{{ series.metric }} as (
    select
        toDate({{ series.date | default('date') }}) as day,
        toNullable(toFloat64(sum({{ series.column }}))) as value
    from {{ ref(series.mart) }}
    {%- for column, value in (series.only | default({})).items() %}
    {{ 'where' if loop.first else 'and' }} {{ column }} = '{{ value }}'
    {%- endfor %}
    group by day
),

{% endfor -%}
figures as (
    select
        '' as metric,
        '' as kind,
        date,
        toNullable(toFloat64(0)) as value
    from calendar
    where false
    {%- for series in watched %}
    union all
    select
        '{{ series.metric }}' as metric,
        '{{ series.kind }}' as kind,
        calendar.date as date,
        figure.value as value
    from calendar
    left join {{ series.metric }} as figure on calendar.date = figure.day
    {%- endfor %}
),

dated as (
    select
        metric,
        date,
        -- A day without a row is one on which nothing happened; a rate it does not have.
        if(kind = 'level', value, coalesce(value, 0)) as value,
        toBool(date < assumeNotNull((select max(last.date) from calendar as last))) as is_complete
    from figures
)

select
    metric,
    date,
    value,
    is_complete
from dated
