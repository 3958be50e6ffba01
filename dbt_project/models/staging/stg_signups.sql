with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'user.signup'
),

renamed as (
    select
        event_id,
        user_id,

        occurred_at,
        date,

        if(mapContains(properties, 'role'), properties['role'], 'customer') as role,
        if(mapContains(properties, 'plan_tier'), properties['plan_tier'], 'free') as plan_tier
    from source
)

select * from renamed
