with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as candidate_id,
        properties['placement_id'] as placement_id,

        occurred_at,
        date,

        properties['reason'] as reason,

        commit_seq
    from source
)

select * from renamed
