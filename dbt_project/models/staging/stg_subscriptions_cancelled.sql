with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['subscription_id'] as subscription_id,
        properties['plan_id'] as plan_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
