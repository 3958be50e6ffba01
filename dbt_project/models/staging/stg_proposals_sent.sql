with source as (
    select *
    from {{ ref('stg_events') }}
    where event_type = 'proposal.sent'
),

renamed as (
    select
        event_id,
        user_id as freelancer_id,
        properties['proposal_id'] as proposal_id,
        properties['job_id'] as job_id,

        occurred_at,
        date
    from source
)

select * from renamed
