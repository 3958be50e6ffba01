with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['conversation_id'] as conversation_id,

        occurred_at,
        date,

        properties['provider'] as provider,
        properties['model'] as model,
        toUInt64OrZero(properties['tokens']) as tokens,
        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['cost'], 4) as cost,
        {{ quantity('latency_ms') }} as latency_ms,

        commit_seq
    from source
)

select * from renamed
