with daily as (
    select *
    from {{ ref('subscription_metrics') }}
),

openings as (
    select
        toStartOfMonth(date) as month,
        date,
        active_subscriptions - new_subscriptions + cancelled_subscriptions as active_before,
        mrr - new_mrr - expansion_mrr + contraction_mrr + churned_mrr as mrr_before,
        mrr as mrr_after,
        new_mrr as new_usd,
        expansion_mrr as expansion_usd,
        contraction_mrr as contraction_usd,
        churned_mrr as churned_usd,
        cancelled_subscriptions as ended
    from daily
),

monthly as (
    select
        month,
        toUInt64(argMin(active_before, date)) as active_at_start,
        sum(ended) as cancelled,
        argMin(mrr_before, date) as opening_mrr,
        sum(new_usd) as new_mrr,
        sum(expansion_usd) as expansion_mrr,
        sum(contraction_usd) as contraction_mrr,
        sum(churned_usd) as churned_mrr,
        argMax(mrr_after, date) as closing_mrr
    from openings
    group by month
)

select
    month,
    active_at_start,
    cancelled,
    cancelled / nullIf(active_at_start, 0) as churn_rate,
    toDecimal64(opening_mrr, 4) as opening_mrr,
    toDecimal64(new_mrr, 4) as new_mrr,
    toDecimal64(expansion_mrr, 4) as expansion_mrr,
    toDecimal64(contraction_mrr, 4) as contraction_mrr,
    toDecimal64(churned_mrr, 4) as churned_mrr,
    toDecimal64(closing_mrr, 4) as closing_mrr
from monthly
