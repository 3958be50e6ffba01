-- Opening + new + expansion - contraction - churned = closing. Opening and closing are the prices of periods
-- begun less those of periods over, whatever moved them. Over all currencies the mart says the same.
with boundaries as (
    select
        toStartOfMonth(valid_from) as month,
        currency,
        price_usd as change_usd
    from {{ ref('int_subscriptions__priced') }}
    where valid_from < valid_until
    union all
    select
        toStartOfMonth(valid_until) as month,
        currency,
        -price_usd as change_usd
    from {{ ref('int_subscriptions__priced') }}
    where valid_from < valid_until and valid_until < toDate('2149-06-06')
),

moves as (
    select
        toStartOfMonth(date) as month,
        currency,
        new_mrr + expansion_mrr - contraction_mrr - churned_mrr as change_usd
    from {{ ref('int_subscriptions__moved') }}
),

changes as (
    select
        month,
        currency,
        toDecimal128(change_usd, 4) as of_prices,
        toDecimal128(0, 4) as of_moves
    from boundaries
    union all
    select
        month,
        currency,
        toDecimal128(0, 4) as of_prices,
        toDecimal128(change_usd, 4) as of_moves
    from moves
),

by_currency as (
    select
        month,
        currency,
        sum(of_prices) as change_of_prices,
        sum(of_moves) as change_of_moves
    from changes
    group by
        month,
        currency
),

closings as (
    select
        month,
        sum(sum(change_of_prices)) over (
            order by month asc rows between unbounded preceding and current row
        ) as closing_mrr
    from by_currency
    group by month
),

months as (
    select *
    from {{ ref('subscription_churn') }}
)

select
    month,
    currency,
    change_of_prices as expected,
    change_of_moves as found
from by_currency
where change_of_prices != change_of_moves

union all

select
    closings.month as month,
    'all' as currency,
    closings.closing_mrr as expected,
    toDecimal128(months.closing_mrr, 4) as found
from closings
left join months on closings.month = months.month
where closings.closing_mrr != months.closing_mrr or closings.month != months.month
