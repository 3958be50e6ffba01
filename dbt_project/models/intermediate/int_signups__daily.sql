with signups as (
    select *
    from {{ ref('stg_signups') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        max(occurred_at) as last_signup_at
    from signups
    group by date
)

select * from counted
