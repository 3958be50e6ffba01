with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['order_id'] as order_id,
        properties['vendor_id'] as vendor_id,
        properties['product_id'] as product_id,

        occurred_at,
        date,

        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['amount'], 4) as amount,

        commit_seq
    from source
)

select * from renamed
