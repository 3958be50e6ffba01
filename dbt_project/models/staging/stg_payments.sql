with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['payment_id'] as payment_id,
        properties['upload_id'] as upload_id,
        properties['method'] as method,

        occurred_at,
        date,

        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['amount'], 4) as amount,

        commit_seq
    from source
)

select * from renamed
