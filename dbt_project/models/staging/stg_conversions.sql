with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,

        occurred_at,
        date,

        properties['type'] as conversion_type,
        toDecimal64OrNull(properties['value'], 6) as value,

        commit_seq
    from source
)

select * from renamed
