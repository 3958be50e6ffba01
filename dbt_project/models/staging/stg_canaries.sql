with canaries as (
    select *
    from {{ source('raw', 'canaries') }}
),

renamed as (
    select
        event_id,
        door,

        sent_at,
        accepted_at,
        stored_at,
        published_at,
        served_at,
        watched_at
    from canaries
)

select * from renamed
