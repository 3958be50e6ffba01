with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['resource'] as resource_id,

        occurred_at,
        date,

        properties['action'] as action,
        properties['complete'] != 'false' as is_complete,

        commit_seq
    from source
)

select * from renamed
