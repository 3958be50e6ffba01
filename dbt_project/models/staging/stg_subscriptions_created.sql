with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['subscription_id'] as subscription_id,
        properties['plan_id'] as plan_id,

        occurred_at,
        date,

        if(mapContains(properties, 'interval'), properties['interval'], 'month') as billing_interval,
        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['amount'], 4) as amount,

        commit_seq
    from source
)

select * from renamed
