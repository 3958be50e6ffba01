with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        properties['queue'] as queue,

        occurred_at,
        date,

        {{ quantity('depth') }} as depth,
        {{ quantity('processed') }} as processed,

        commit_seq
    from source
)

select * from renamed
