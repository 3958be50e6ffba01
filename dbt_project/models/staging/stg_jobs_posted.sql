with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'job.posted'
),

renamed as (
    select
        event_id,
        user_id as client_id,
        properties['job_id'] as job_id,

        occurred_at,
        date
    from source
)

select * from renamed
