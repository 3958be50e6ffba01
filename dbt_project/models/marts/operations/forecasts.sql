with untrained as (
    {{ simple_expectations() }}
),

expectations as (
    select
        metric,
        date,
        expected,
        assumeNotNull(lower) as least,
        assumeNotNull(upper) as greatest_expected
    from {{ ref('stg_expectations') }}
    where lower is not null and upper is not null
    union all
    select
        metric,
        date,
        expected,
        assumeNotNull(lower) as least,
        assumeNotNull(upper) as greatest_expected
    from untrained
    where lower is not null and upper is not null
),

trainings as (
    select
        metric,
        model,
        trained_at,
        generation,
        relative_error,
        coverage
    from {{ ref('stg_trainings') }}
    union all
    select distinct
        metric,
        'weekday_median' as model,
        trained_at,
        0 as generation,
        null as relative_error,
        null as coverage
    from untrained
),

-- Days that are over have come to something.
span as (
    select max(date) as running_day
    from {{ ref('watched_metrics') }}
)

select
    expectations.metric as metric,
    expectations.date as date,
    expectations.expected as value,
    expectations.least as lower,
    expectations.greatest_expected as upper,
    trainings.model as model,
    trainings.trained_at as trained_at,
    trainings.generation as trained_on,
    trainings.relative_error as relative_error,
    toBool(coalesce(trainings.relative_error < 1, false)) as beats_naive,
    trainings.coverage as coverage
from expectations
inner join trainings on expectations.metric = trainings.metric
cross join span
where expectations.date >= span.running_day
