with signups as (
    select *
    from {{ ref('stg_signups') }}
    where {{ arrived() }}
),

folded as (
    select
        user_id,
        {{ first_if('true', 'role, plan_tier, date, country') }} as first_signup
    from signups
    group by user_id
)

select
    user_id,
    first_signup
from folded
