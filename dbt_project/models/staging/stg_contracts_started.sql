with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        properties['contract_id'] as contract_id,
        user_id as client_id,
        properties['freelancer_id'] as freelancer_id,

        occurred_at,
        date,

        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['value'], 4) as value,

        commit_seq
    from source
)

select * from renamed
