with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as creator_id,
        properties['assignment_id'] as assignment_id,

        occurred_at,
        date,

        properties['output_type'] as output_type,
        toDecimal64OrNull(if(mapContains(properties, 'version'), properties['version'], '1'), 0) as version,
        toFloat64OrNull(properties['time_to_complete']) as hours_worked,

        commit_seq
    from source
)

select * from renamed
