with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as creator_id,
        properties['assignment_id'] as assignment_id,

        occurred_at,
        date,

        properties['output_type'] as output_type,
        properties['level'] as level,

        commit_seq
    from source
)

select * from renamed
