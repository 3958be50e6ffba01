with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['conversation_id'] as conversation_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
