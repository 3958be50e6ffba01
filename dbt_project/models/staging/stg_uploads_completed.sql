with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'upload.completed'
),

renamed as (
    select
        event_id,
        user_id,
        properties['upload_id'] as upload_id,

        occurred_at,
        date
    from source
)

select * from renamed
