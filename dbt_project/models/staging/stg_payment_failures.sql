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

        properties['reason'] as reason,
        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['amount'], 4) as amount,

        commit_seq
    from source
)

select * from renamed
