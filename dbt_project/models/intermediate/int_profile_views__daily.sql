with views as (
    select *
    from {{ ref('stg_profile_views') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        profile_user_id,
        count() as profile_views
    from views
    group by
        date,
        profile_user_id
)

select * from counted
