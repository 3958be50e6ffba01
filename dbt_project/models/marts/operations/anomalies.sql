with daily as (
    {{ daily_series() }}
),

earlier as (
    select
        metric,
        date + 7 * arrayJoin(range(1, 9)) as date,
        value
    from daily
),

compared as (
    select
        metric,
        date,
        groupArray(value) as earlier_values,
        arrayReduce('quantileExactInclusive(0.5)', earlier_values) as expected,
        arrayMap(earlier_value -> abs(earlier_value - expected), earlier_values) as differences,
        arrayReduce('quantileExactInclusive(0.5)', differences) as deviation
    from earlier
    group by
        metric,
        date
    having count() >= 4
),

scored as (
    select
        daily.metric as metric,
        daily.date as date,
        daily.value as value,
        compared.expected as expected,
        -- The deviation of a normal distribution, but never less than what counting alone brings.
        (daily.value - compared.expected)
        / greatest(1.4826 * compared.deviation, sqrt(greatest(compared.expected, 1))) as score
    from daily
    inner join compared on daily.metric = compared.metric and daily.date = compared.date
    -- The last day may still be running.
    where daily.date < (select max(last.date) from {{ ref('daily_metrics') }} as last)
)

select
    metric,
    date,
    value,
    expected,
    score,
    if(abs(score) >= 7, 'critical', 'warning') as severity
from scored
where abs(score) >= 3.5
