with trainings as (
    select *
    from {{ ref('stg_trainings') }}
)

select
    metric,
    status,
    days,
    learnt_through,
    model,
    backtests,
    relative_error,
    toBool(ifNull(relative_error < 1, false)) as beats_naive,
    coverage,
    threshold,
    direction,
    trained_at,
    generation as trained_on
from trainings
