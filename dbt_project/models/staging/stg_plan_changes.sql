with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type in ('user.plan_upgrade', 'user.plan_downgrade')
),

renamed as (
    select
        event_id,
        user_id,

        occurred_at,
        date,

        properties['from_plan'] as from_plan,
        properties['to_plan'] as to_plan
    from source
)

select * from renamed
