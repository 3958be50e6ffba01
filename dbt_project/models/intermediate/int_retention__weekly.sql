with activity as (
    select *
    from {{ ref('int_activity__daily') }}
    where {{ restated('toMonday(date)') }}
),

numbered as (
    select
        toMonday(date) as week,
        toMonday(signup_date) as cohort_week,
        toRelativeWeekNum(date) as active_number,
        toRelativeWeekNum(signup_date) as cohort_number,
        user_number
    from activity
    where role != 'unknown'
),

counted as (
    select
        week,
        cohort_week,
        toUInt32(any(active_number) - any(cohort_number)) as week_number,
        uniqExact(user_number) as retained_users
    from numbered
    where active_number >= cohort_number
    group by
        week,
        cohort_week
)

select * from counted
