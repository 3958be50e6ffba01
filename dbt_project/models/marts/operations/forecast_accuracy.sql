with trainings as (
    select *
    from {{ ref('stg_trainings') }}
),

watched as (
    select distinct metric
    from {{ ref('watched_metrics') }}
)

select
    trainings.metric as metric,
    trainings.status as status,
    trainings.days as days,
    trainings.learnt_through as learnt_through,
    trainings.model as model,
    trainings.backtests as backtests,
    trainings.relative_error as relative_error,
    toBool(coalesce(trainings.relative_error < 1, false)) as beats_naive,
    trainings.coverage as coverage,
    trainings.threshold as threshold,
    trainings.direction as direction,
    trainings.trained_at as trained_at,
    trainings.generation as trained_on
from trainings
inner join watched on trainings.metric = watched.metric
