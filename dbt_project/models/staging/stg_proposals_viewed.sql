with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as client_id,
        properties['proposal_id'] as proposal_id,
        properties['freelancer_id'] as freelancer_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
