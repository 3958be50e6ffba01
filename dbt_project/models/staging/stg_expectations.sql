with expectations as (
    select *
    from {{ source('foresight', 'expectations') }}
),

latest as (
    select
        metric,
        date,
        expected,
        usual_lower,
        usual_upper,
        lower,
        upper
    from expectations
    -- A training is whole once it is in the other table.
    where trained_at = (select max(known.trained_at) from {{ source('foresight', 'trainings') }} as known)
)

select * from latest
