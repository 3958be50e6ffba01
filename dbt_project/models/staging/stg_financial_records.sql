with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['transaction_id'] as transaction_id,
        properties['counterparty_id'] as counterparty_id,
        properties['job_id'] as job_id,
        properties['job_type'] as job_type,

        occurred_at,
        date,

        properties['category'] as category,
        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['amount'], 4) as amount,

        commit_seq
    from source
)

select * from renamed
