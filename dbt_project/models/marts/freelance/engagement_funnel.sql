with profile_views as (
    select *
    from {{ ref('stg_profile_views') }}
    where {{ restated('date') }}
),

job_views as (
    select *
    from {{ ref('stg_job_views') }}
    where {{ restated('date') }}
),

sendings as (
    select *
    from {{ ref('stg_proposals_sent') }}
    where {{ restated('date') }}
),

viewings as (
    select *
    from {{ ref('stg_proposals_viewed') }}
    where {{ restated('date') }}
),

acceptances as (
    select *
    from {{ ref('stg_proposals_accepted') }}
    where {{ restated('date') }}
),

events as (
    select
        date,
        'profile_view' as step,
        '' as proposal_id
    from profile_views
    union all
    select
        date,
        'job_view' as step,
        '' as proposal_id
    from job_views
    union all
    select
        date,
        'sent' as step,
        proposal_id
    from sendings
    union all
    select
        date,
        'viewed' as step,
        proposal_id
    from viewings
    union all
    select
        date,
        'accepted' as step,
        proposal_id
    from acceptances
),

counted as (
    select
        date,
        countIf(step = 'profile_view') as profile_views,
        countIf(step = 'job_view') as job_views,
        uniqExactIf(proposal_id, step = 'sent') as proposals_sent,
        uniqExactIf(proposal_id, step = 'viewed') as proposals_viewed,
        uniqExactIf(proposal_id, step = 'accepted') as proposals_accepted
    from events
    group by date
)

select
    date,
    profile_views,
    job_views,
    proposals_sent,
    proposals_viewed,
    proposals_accepted,
    proposals_viewed / nullIf(proposals_sent, 0) as view_rate,
    proposals_accepted / nullIf(proposals_sent, 0) as accept_rate
from counted
