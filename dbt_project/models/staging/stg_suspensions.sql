with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'account.suspended'
),

renamed as (
    select
        event_id,
        user_id,

        occurred_at,
        date
    from source
)

select * from renamed
