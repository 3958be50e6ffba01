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
        properties['decision'] as decision,
        toDecimal64OrNull(if(mapContains(properties, 'version'), properties['version'], '1'), 0) as version,
        toDecimal64OrNull(properties['overall_score'], 15) as overall_score,

        commit_seq
    from source
)

select * from renamed
