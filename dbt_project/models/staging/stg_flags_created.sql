with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['flag_id'] as flag_id,

        occurred_at,
        date,

        properties['flag_type'] as flag_type,
        if(mapContains(properties, 'automatic'), properties['automatic'], 'true') = 'true' as is_automatic,

        commit_seq
    from source
)

select * from renamed
