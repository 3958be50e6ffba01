with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        properties['service'] as service,

        occurred_at,
        date,

        {{ quantity('bytes_used') }} as bytes_used,

        commit_seq
    from source
)

select * from renamed
