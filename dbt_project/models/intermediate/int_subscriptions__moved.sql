{{ config(materialized='view') }}

with periods as (
    select *
    from {{ ref('int_subscriptions__priced') }}
),

moves as (
    select
        valid_from as date,
        currency,
        previous_price_usd is null as starts,
        false as ends,
        if(previous_price_usd is null and valid_from < valid_until, price_usd, toDecimal64(0, 4)) as new_usd,
        coalesce(price_usd - previous_price_usd, toDecimal64(0, 4)) as change_usd,
        toDecimal64(0, 4) as churned_usd
    from periods
    union all
    select
        valid_until as date,
        currency,
        false as starts,
        true as ends,
        toDecimal64(0, 4) as new_usd,
        toDecimal64(0, 4) as change_usd,
        if(valid_from < valid_until, price_usd, toDecimal64(0, 4)) as churned_usd
    from periods
    where is_cancelled
),

moved as (
    select
        date,
        currency,
        countIf(starts) as new_subscriptions,
        countIf(ends) as cancelled_subscriptions,
        sum(new_usd) as new_mrr,
        sumIf(change_usd, change_usd > 0) as expansion_mrr,
        -sumIf(change_usd, change_usd < 0) as contraction_mrr,
        sum(churned_usd) as churned_mrr
    from moves
    group by
        date,
        currency
)

select * from moved
