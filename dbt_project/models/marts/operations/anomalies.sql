with untrained as (
    {{ simple_expectations() }}
),

figures as (
    select
        metric,
        date,
        value
    from {{ ref('watched_metrics') }}
    where is_complete and value is not null
),

expectations as (
    select
        metric,
        date,
        expected,
        usual_lower,
        usual_upper
    from {{ ref('stg_expectations') }}
    union all
    select
        metric,
        date,
        expected,
        usual_lower,
        usual_upper
    from untrained
),

trainings as (
    select
        metric,
        threshold,
        direction,
        trained_at,
        generation
    from {{ ref('stg_trainings') }}
    union all
    select distinct
        metric,
        threshold,
        'both' as direction,
        trained_at,
        0 as generation
    from untrained
),

compared as (
    select
        figures.metric as metric,
        figures.date as date,
        assumeNotNull(figures.value) as value,
        expectations.expected as expected,
        expectations.usual_lower as usual_lower,
        expectations.usual_upper as usual_upper,
        trainings.threshold as threshold,
        trainings.direction as direction,
        trainings.trained_at as trained_at,
        trainings.generation as trained_on
    from figures
    inner join expectations on figures.metric = expectations.metric and figures.date = expectations.date
    inner join trainings on figures.metric = trainings.metric
),

found as (
    select
        *,
        if(value > expected, 'surge', 'drop') as kind,
        -- What is usual ends at the threshold, on either side.
        threshold * (value - expected) / abs(if(kind = 'surge', usual_upper, usual_lower) - expected) as score
    from compared
    where (value > usual_upper and direction != 'down') or (value < usual_lower and direction != 'up')
)

select
    metric,
    date,
    value,
    expected,
    usual_lower as lower,
    usual_upper as upper,
    score,
    kind,
    if(abs(score) >= 2 * threshold, 'critical', 'warning') as severity,
    trained_at,
    trained_on
from found
