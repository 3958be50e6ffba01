with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['service'] as service,
        properties['endpoint'] as endpoint,

        occurred_at,
        date,

        toUInt64OrZero(properties['status']) as status,
        {{ quantity('duration_ms') }} as duration_ms,

        commit_seq
    from source
)

select * from renamed
