with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['placement_id'] as placement_id,
        properties['job_id'] as job_id,
        properties['client_id'] as client_id,

        occurred_at,
        date,

        if(mapContains(properties, 'currency'), properties['currency'], 'USD') as currency,
        toDecimal64OrNull(properties['fee'], 4) as fee,

        commit_seq
    from source
)

select * from renamed
