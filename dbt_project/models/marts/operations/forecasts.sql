with daily as (
    {{ daily_series() }}
),

-- The last day may still be running: it is neither learnt from nor forecast.
span as (
    select max(date) as last_day
    from daily
    having count() > 0
),

history as (
    select
        daily.metric as metric,
        toDayOfWeek(daily.date) as weekday,
        daily.value as value
    from daily
    cross join span
    where daily.date < span.last_day and daily.date >= span.last_day - 8 * 7
),

weekdays as (
    select
        metric,
        weekday,
        {{ quantiles([0.5], 'value') }}[1] as typical,
        true as is_known
    from history
    group by
        metric,
        weekday
),

weeks as (
    select
        metric,
        {{ quantiles([0.5], 'value') }}[1] as typical
    from history
    group by metric
),

residuals as (
    select
        history.metric as metric,
        {{ quantiles([0.05, 0.95], 'history.value - weekdays.typical') }} as bounds
    from history
    inner join weekdays on history.metric = weekdays.metric and history.weekday = weekdays.weekday
    group by history.metric
),

horizon as (
    select
        weeks.metric as metric,
        weeks.typical as typical,
        residuals.bounds as bounds,
        span.last_day + arrayJoin(range(1, 15)) as date
    from weeks
    inner join residuals on weeks.metric = residuals.metric
    cross join span
),

expected as (
    select
        horizon.metric as metric,
        horizon.date as date,
        assumeNotNull(if(weekdays.is_known, weekdays.typical, horizon.typical)) as value,
        assumeNotNull(horizon.bounds[1]) as least_residual,
        assumeNotNull(horizon.bounds[2]) as greatest_residual
    from horizon
    left join weekdays on horizon.metric = weekdays.metric and toDayOfWeek(horizon.date) = weekdays.weekday
),

latest as (
    select toDateTime64(max(last_occurred_at), 3, 'UTC') as trained_at
    from {{ folded('int_events__folded') }}
),

trained as (
    select
        expected.metric as metric,
        expected.date as date,
        expected.value as value,
        greatest(0, expected.value + least(0, expected.least_residual)) as lower,
        expected.value + greatest(0, expected.greatest_residual) as upper,
        latest.trained_at as trained_at
    from expected
    cross join latest
)

select
    metric,
    date,
    value,
    lower,
    upper,
    'weekday_median' as model,
    trained_at
from trained
