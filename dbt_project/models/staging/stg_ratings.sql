with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['vendor_id'] as vendor_id,
        properties['product_id'] as product_id,

        occurred_at,
        date,

        toDecimal64OrNull(properties['rating'], 15) as rating,

        commit_seq
    from source
)

select * from renamed
