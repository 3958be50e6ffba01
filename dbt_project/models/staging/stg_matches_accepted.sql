with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as candidate_id,
        properties['match_id'] as match_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
