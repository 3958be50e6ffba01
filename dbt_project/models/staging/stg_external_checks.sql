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

        properties['up'] = 'true' as is_up,

        commit_seq
    from source
)

select * from renamed
