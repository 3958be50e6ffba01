with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'assignment.completed'
),

renamed as (
    select
        event_id,
        user_id,
        properties['assignment_id'] as assignment_id,

        occurred_at,
        date
    from source
)

select * from renamed
