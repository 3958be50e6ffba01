with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

products as (
    select *
    from {{ ref('int_products__daily') }}
),

vendors as (
    select *
    from {{ ref('vendor_metrics') }}
),

new_users as (
    select *
    from {{ ref('int_active_users__by_plan') }}
),

signups as (
    select *
    from {{ ref('int_signups__daily') }}
),

product_totals as (
    select
        products.product_id as product_id,
        sum(products.views) as views,
        max(products.last_viewed_at) as updated_at
    from products
    group by products.product_id
),

vendor_totals as (
    select
        vendors.vendor_id as vendor_id,
        sum(vendors.product_views) as views,
        sum(vendors.new_orders) as orders,
        sum(vendors.revenue_usd) as revenue_usd,
        max(vendors.last_viewed_at) as last_view_at,
        max(vendors.last_ordered_at) as last_order_at
    from vendors
    group by vendors.vendor_id
),

signups_of_the_last_day as (
    select sum(new_users) as daily_signups
    from new_users
    where date = (select max(calendar.date) from calendar)
),

last_signup as (
    select max(last_signup_at) as updated_at
    from signups
    having count() > 0
),

declared as (
    select *
    from {{ folded('int_metrics__folded') }}
),

measured as (
    select
        concat('product_views:', product_id) as type,
        toDecimal128(views, 6) as value,
        updated_at
    from product_totals
    where views > 0
    union all
    select
        concat('seller_revenue:', vendor_id) as type,
        toDecimal128(revenue_usd, 6) as value,
        assumeNotNull(last_order_at) as updated_at
    from vendor_totals
    where orders > 0
    union all
    select
        concat('conversion_rate:', vendor_id) as type,
        -- Whole millionths, half away from zero, without a float in between.
        toDecimal128(intDiv(2000000 * orders + views, 2 * views), 6) / 1000000 as value,
        assumeNotNull(greatest(last_view_at, coalesce(last_order_at, last_view_at))) as updated_at
    from vendor_totals
    where views > 0
    union all
    select
        'daily_signups' as type,
        toDecimal128(signups_of_the_last_day.daily_signups, 6) as value,
        last_signup.updated_at as updated_at
    from last_signup
    cross join signups_of_the_last_day
),

-- A value is declared for what events do not tell; the names of what they do tell are theirs.
figures as (
    select
        type,
        value,
        updated_at
    from measured
    union all
    select
        declared.metric as type,
        declared.last_value.value as value,
        declared.last_value.at as updated_at
    from declared
    where not match(declared.metric, '^((product_views|seller_revenue|conversion_rate):|daily_signups$)')
)

select
    type,
    value,
    updated_at
from figures
