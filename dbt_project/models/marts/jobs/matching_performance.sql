with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

matches as (
    select *
    from {{ ref('stg_matches_created') }}
    where {{ restated('date') }}
),

acceptances as (
    select *
    from {{ ref('stg_matches_accepted') }}
    where {{ restated('date') }}
),

placements as (
    select *
    from {{ ref('stg_placements') }}
    where {{ restated('date') }}
),

known_placements as (
    select *
    from {{ folded('int_placements__folded') }}
    where placement_id in (select placements.placement_id from placements)
),

known_matches as (
    select *
    from {{ folded('int_matches__folded') }}
    where
        pair in (
            select (known_placements.making.candidate_id, known_placements.making.job_id)
            from known_placements
        )
),

horizon as (
    select max(date) as last_day
    from calendar
),

converted as (
    {{ with_usd('placements', 'fee') }}
),

first_made as (
    select
        known_placements.making.date as date,
        known_placements.making.date + 90 <= (select horizon.last_day from horizon) as is_due,
        known_placements.ending.id = ''
        or known_placements.ending.date >= known_placements.making.date + 90 as has_lasted,
        known_matches.matching.id != '' as is_matched,
        greatest(
            0, dateDiff('millisecond', known_matches.matching.at, known_placements.making.at)
        ) as ms_to_hire
    from known_placements
    left join known_matches
        on (known_placements.making.candidate_id, known_placements.making.job_id) = known_matches.pair
    where {{ restated('known_placements.making.date') }}
),

matched as (
    select
        date,
        uniqExact(match_id) as matches,
        avg(score) as avg_score
    from matches
    group by date
),

accepted as (
    select
        date,
        uniqExact(match_id) as accepted
    from acceptances
    group by date
),

placed as (
    select
        date,
        uniqExact(placement_id) as placements,
        coalesce(sum(fee_usd), 0) as placement_fee_usd
    from converted
    group by date
),

outcomes as (
    select
        date,
        countIf(is_due) as placements_due_90d,
        countIf(is_due and has_lasted) as placements_retained_90d,
        countIf(is_matched) as hires,
        sumIf(ms_to_hire, is_matched) as total_ms_to_hire
    from first_made
    group by date
),

days as (
    select date from matched
    union distinct
    select date from accepted
    union distinct
    select date from placed
),

joined as (
    select
        days.date as date,
        matched.matches as matches,
        accepted.accepted as accepted,
        matched.avg_score as avg_score,
        placed.placements as placements,
        placed.placement_fee_usd as placement_fee_usd,
        outcomes.placements_due_90d as placements_due_90d,
        outcomes.placements_retained_90d as placements_retained_90d,
        outcomes.hires as hires,
        outcomes.total_ms_to_hire as total_ms_to_hire
    from days
    left join matched on days.date = matched.date
    left join accepted on days.date = accepted.date
    left join placed on days.date = placed.date
    left join outcomes on days.date = outcomes.date
)

select
    date,
    matches,
    accepted,
    accepted / nullIf(matches, 0) as success_rate,
    avg_score,
    placements,
    toDecimal64(placement_fee_usd, 4) as placement_fee_usd,
    placements_due_90d,
    placements_retained_90d,
    placements_retained_90d / nullIf(placements_due_90d, 0) as retention_rate_90d,
    total_ms_to_hire / nullIf(hires, 0) / 86400000 as avg_days_to_hire
from joined
