with subscriptions as (
    select *
    from {{ folded('int_subscriptions__folded') }}
),

plan_changes as (
    select *
    from {{ folded('int_plan_changes__folded') }}
),

price_list as (
    select
        toString(plan_id) as plan_id,
        valid_from,
        -- Nullable, so that a plan without a price is told from one that is free.
        toNullable(monthly_usd) as monthly_usd
    from {{ ref('plan_prices') }}
),

sold as (
    select
        subscriptions.subscription_id as subscription_id,
        (subscriptions.creation.at, subscriptions.creation.id) as sold_at,
        subscriptions.creation.date as date,
        subscriptions.creation.user_id as user_id,
        subscriptions.creation.plan_id as plan_id,
        subscriptions.creation.billing_interval as billing_interval,
        subscriptions.creation.currency as currency,
        subscriptions.creation.amount as amount,
        if(
            subscriptions.cancellation.id = '', toDate('2149-06-06'), subscriptions.cancellation.date
        ) as ended_on
    from subscriptions
    where
        subscriptions.creation.id != ''
        and (
            subscriptions.cancellation.id = ''
            or subscriptions.cancellation.date >= subscriptions.creation.date
        )
),

sold_with_usd as (
    {{ with_usd('sold') }}
),

sold_versions as (
    select
        sold_with_usd.subscription_id as subscription_id,
        sold_with_usd.date as valid_from,
        false as is_change,
        sold_with_usd.plan_id as plan_id,
        multiIf(
            sold_with_usd.amount is null, price_list.monthly_usd,
            sold_with_usd.billing_interval = 'year',
            cast(round(toDecimal128(sold_with_usd.amount_usd, 8) / 12, 4) as Nullable(Decimal(18, 4))),
            sold_with_usd.amount_usd
        ) as price_usd
    from sold_with_usd
    asof left join price_list
        on sold_with_usd.plan_id = price_list.plan_id and sold_with_usd.date >= price_list.valid_from
),

changes as (
    select
        sold.subscription_id as subscription_id,
        plan_changes.date as date,
        plan_changes.last_change.to_plan as plan_id
    from plan_changes
    inner join sold on plan_changes.user_id = sold.user_id
    where
        (plan_changes.last_change.at, plan_changes.last_change.id) > sold.sold_at
        and plan_changes.date < sold.ended_on
),

change_versions as (
    select
        changes.subscription_id as subscription_id,
        changes.date as valid_from,
        true as is_change,
        changes.plan_id as plan_id,
        price_list.monthly_usd as price_usd
    from changes
    asof left join price_list
        on changes.plan_id = price_list.plan_id and changes.date >= price_list.valid_from
),

versions as (
    select *
    from sold_versions
    union all
    select *
    from change_versions
),

-- On the day of the sale a later change wins: the day has one price.
daily_versions as (
    select
        subscription_id,
        valid_from,
        argMax(plan_id, is_change) as plan_id,
        argMax(coalesce(price_usd, toDecimal64(0, 4)), is_change) as price_usd
    from versions
    group by
        subscription_id,
        valid_from
),

periods as (
    select
        subscription_id,
        valid_from,
        plan_id,
        price_usd,
        leadInFrame(toNullable(valid_from)) over (
            partition by subscription_id
            order by valid_from asc rows between current row and unbounded following
        ) as next_from,
        lagInFrame(toNullable(price_usd)) over (
            partition by subscription_id
            order by valid_from asc rows between unbounded preceding and current row
        ) as previous_price_usd
    from daily_versions
),

priced as (
    select
        periods.subscription_id as subscription_id,
        periods.valid_from as valid_from,
        coalesce(periods.next_from, sold.ended_on) as valid_until,
        sold.user_id as user_id,
        sold.currency as currency,
        periods.plan_id as plan_id,
        periods.price_usd as price_usd,
        periods.previous_price_usd as previous_price_usd,
        periods.next_from is null and sold.ended_on < toDate('2149-06-06') as is_cancelled
    from periods
    inner join sold on periods.subscription_id = sold.subscription_id
)

select * from priced
