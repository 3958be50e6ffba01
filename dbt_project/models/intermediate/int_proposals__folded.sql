with sendings as (
    select *
    from {{ ref('stg_proposals_sent') }}
    where {{ arrived() }}
),

viewings as (
    select *
    from {{ ref('stg_proposals_viewed') }}
    where {{ arrived() }}
),

acceptances as (
    select *
    from {{ ref('stg_proposals_accepted') }}
    where {{ arrived() }}
),

events as (
    select
        'sent' as kind,
        event_id,
        occurred_at,
        date,
        proposal_id,
        freelancer_id,
        job_id
    from sendings
    union all
    select
        'viewed' as kind,
        event_id,
        occurred_at,
        date,
        proposal_id,
        '' as freelancer_id,
        '' as job_id
    from viewings
    union all
    select
        'accepted' as kind,
        event_id,
        occurred_at,
        date,
        proposal_id,
        '' as freelancer_id,
        '' as job_id
    from acceptances
),

folded as (
    select
        proposal_id,
        {{ first_if("kind = 'sent'", 'date, freelancer_id, job_id') }} as sending,
        {{ first_if("kind = 'viewed'", 'date') }} as viewing,
        {{ first_if("kind = 'accepted'", 'date') }} as acceptance,
        groupUniqArrayIf(date, kind = 'sent') as days
    from events
    group by proposal_id
)

select
    proposal_id,
    sending,
    viewing,
    acceptance,
    days
from folded
