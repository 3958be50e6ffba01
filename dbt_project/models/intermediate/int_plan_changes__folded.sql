with plan_changes as (
    select *
    from {{ ref('stg_plan_changes') }}
    where {{ arrived() }}
),

folded as (
    select
        user_id,
        date,
        {{ last_if('true', 'to_plan') }} as last_change
    from plan_changes
    group by
        user_id,
        date
)

select
    user_id,
    date,
    last_change
from folded
