with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as viewer_id,
        properties['profile_user_id'] as profile_user_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
