with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,

        properties['metric'] as metric,

        occurred_at,
        date,

        toDecimal128OrNull(properties['value'], 6) as value,

        commit_seq
    from source
)

select * from renamed
