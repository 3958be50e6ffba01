with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'account.flag_resolved'
),

renamed as (
    select
        event_id,
        user_id,
        properties['flag_id'] as flag_id,

        occurred_at,
        date,

        properties['outcome'] as outcome
    from source
)

select * from renamed
