with sendings as (
    select *
    from {{ ref('stg_proposals_sent') }}
    where {{ restated('date') }}
),

proposals as (
    select *
    from {{ folded('int_proposals__folded') }}
    where proposal_id in (select sendings.proposal_id from sendings)
),

sent as (
    select
        sending.date as date,
        viewing.id != '' as is_viewed,
        acceptance.id != '' as is_accepted,
        greatest(0, dateDiff('millisecond', sending.at, viewing.at)) as ms_to_view,
        greatest(0, dateDiff('millisecond', sending.at, acceptance.at)) as ms_to_accept
    from proposals
    where {{ restated('sending.date') }}
),

counted as (
    select
        date,
        count() as proposals,
        countIf(is_viewed) as viewed,
        countIf(is_accepted) as accepted,
        sumIf(ms_to_view, is_viewed) as total_ms_to_view,
        sumIf(ms_to_accept, is_accepted) as total_ms_to_accept
    from sent
    group by date
)

select
    date,
    proposals,
    viewed,
    accepted,
    viewed / nullIf(proposals, 0) as view_rate,
    accepted / nullIf(proposals, 0) as accept_rate,
    total_ms_to_view / nullIf(viewed, 0) / 3600000 as avg_hours_to_view,
    total_ms_to_accept / nullIf(accepted, 0) / 3600000 as avg_hours_to_accept
from counted
