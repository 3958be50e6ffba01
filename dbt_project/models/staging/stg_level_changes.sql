with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as creator_id,

        occurred_at,
        date,

        properties['from_level'] as from_level,
        properties['to_level'] as to_level,

        commit_seq
    from source
)

select * from renamed
