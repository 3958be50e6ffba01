with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,

        occurred_at,
        date,

        if(mapContains(properties, 'role'), properties['role'], 'customer') as role,
        if(mapContains(properties, 'plan_tier'), properties['plan_tier'], 'free') as plan_tier,
        properties['method'] as method,
        properties['country'] as country,

        commit_seq
    from source
)

select * from renamed
