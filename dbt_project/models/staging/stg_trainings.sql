with trainings as (
    select *
    from {{ source('foresight', 'trainings') }}
),

latest as (
    select
        trained_at,
        generation,
        metric,
        status,
        days,
        learnt_through,
        threshold,
        direction,
        model,
        backtests,
        relative_error,
        coverage
    from trainings
    where trained_at = (select max(known.trained_at) from {{ source('foresight', 'trainings') }} as known)
)

select * from latest
