with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['assignment_id'] as assignment_id,
        properties['upload_id'] as upload_id,

        occurred_at,
        date,
        parseDateTime64BestEffortOrNull(upper(properties['due_at']), 3, 'UTC') as due_at,

        properties['output_type'] as output_type,

        commit_seq
    from source
)

select * from renamed
