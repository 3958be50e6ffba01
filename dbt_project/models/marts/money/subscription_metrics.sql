with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

moves as (
    select
        date,
        sum(new_subscriptions) as started,
        sum(cancelled_subscriptions) as ended,
        sum(new_mrr) as new_usd,
        sum(expansion_mrr) as expansion_usd,
        sum(contraction_mrr) as contraction_usd,
        sum(churned_mrr) as churned_usd
    from {{ ref('int_subscriptions__moved') }}
    group by date
),

filled as (
    select
        calendar.date as date,
        moves.started as started,
        moves.ended as ended,
        moves.new_usd as new_usd,
        moves.expansion_usd as expansion_usd,
        moves.contraction_usd as contraction_usd,
        moves.churned_usd as churned_usd
    from calendar
    left join moves on calendar.date = moves.date
),

running as (
    select
        date,
        started,
        ended,
        new_usd,
        expansion_usd,
        contraction_usd,
        churned_usd,
        sum(toInt64(started) - toInt64(ended)) over (
            order by date asc rows between unbounded preceding and current row
        ) as active,
        sum(new_usd + expansion_usd - contraction_usd - churned_usd) over (
            order by date asc rows between unbounded preceding and current row
        ) as mrr_usd
    from filled
)

select
    date,
    toUInt64(active) as active_subscriptions,
    toDecimal64(mrr_usd, 4) as mrr,
    toDecimal64(12 * mrr_usd, 4) as arr,
    toDecimal64(new_usd, 4) as new_mrr,
    toDecimal64(expansion_usd, 4) as expansion_mrr,
    toDecimal64(contraction_usd, 4) as contraction_mrr,
    toDecimal64(churned_usd, 4) as churned_mrr,
    started as new_subscriptions,
    ended as cancelled_subscriptions
from running
