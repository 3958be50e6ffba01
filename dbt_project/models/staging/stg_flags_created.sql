with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'account.flagged'
),

renamed as (
    select
        event_id,
        user_id,
        properties['flag_id'] as flag_id,

        occurred_at,
        date,

        properties['flag_type'] as flag_type
    from source
)

select * from renamed
