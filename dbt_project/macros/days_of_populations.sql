{#-
    Each day of the calendar with each role and tier of users, from the first day on that `cte` has a row of them.
-#}
{% macro days_of_populations(cte) -%}
    select
        calendar.date as date,
        populations.role as role,
        populations.plan_tier as plan_tier
    from {{ ref('int_calendar__filled') }} as calendar
    cross join (
        select
            counts.role as role,
            counts.plan_tier as plan_tier,
            min(counts.date) as first_date
        from {{ cte }} as counts
        group by
            counts.role,
            counts.plan_tier
    ) as populations
    where calendar.date >= populations.first_date
{%- endmacro %}
