{#-
    What days are expected to come to until there is a training: the median of the same weekday of up to eight weeks
    before, at least four of them; for two weeks ahead with bounds within which four of five days should lie. By
    `metric` and `date`; empty once there is a training.
-#}
{% macro simple_expectations() -%}
    {#- Deviations that make an anomaly, and those within which four of five days lie. -#}
    {%- set threshold = 3.5 -%}
    {%- set four_of_five = 1.2816 -%}

    with figures as (
        select
            metric,
            date,
            assumeNotNull(value) as value
        from {{ ref('watched_metrics') }}
        where
            is_complete
            and value is not null
            and (select count() from {{ ref('stg_trainings') }}) = 0
    ),

    span as (
        select max(date) as last_day
        from figures
    ),

    latest as (
        select toDateTime64(max(last_occurred_at), 3, 'UTC') as trained_at
        from {{ folded('int_events__folded') }}
    ),

    -- A day is measured by the same weekday of up to eight weeks before it.
    earlier as (
        select
            metric,
            date + 7 * arrayJoin(range(1, 9)) as date,
            value
        from figures
    ),

    compared as (
        select
            metric,
            date,
            groupArray(value) as earlier_values,
            arrayReduce('quantileExactInclusive(0.5)', earlier_values) as expected,
            arrayMap(earlier_value -> abs(earlier_value - expected), earlier_values) as differences,
            arrayReduce('quantileExactInclusive(0.5)', differences) as deviation,
            -- That of a normal distribution, but never less than what counting alone brings.
            greatest(1.4826 * deviation, sqrt(greatest(expected, 1))) as sigma
        from earlier
        group by
            metric,
            date
        having count() >= 4
    )

    select
        compared.metric as metric,
        compared.date as date,
        compared.expected as expected,
        compared.expected - {{ threshold }} * compared.sigma as usual_lower,
        compared.expected + {{ threshold }} * compared.sigma as usual_upper,
        if(
            compared.date > span.last_day,
            least(compared.expected, greatest(0, compared.expected - {{ four_of_five }} * compared.sigma)),
            null
        ) as lower,
        if(compared.date > span.last_day, compared.expected + {{ four_of_five }} * compared.sigma, null) as upper,
        toFloat64({{ threshold }}) as threshold,
        latest.trained_at as trained_at
    from compared
    cross join span
    cross join latest
    where compared.date <= span.last_day + 14
{%- endmacro %}
