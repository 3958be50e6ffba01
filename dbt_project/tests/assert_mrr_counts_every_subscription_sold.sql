-- What has been sold, and not cancelled on an earlier day, has a price from the day of its first sale on, and
-- is new once in the mart. An incremental build looks at the sales that have arrived.
with sales as (
    select
        subscription_id,
        min(date) as sold_on
    from {{ ref('stg_subscriptions_created') }}
    where {% if tests_only_changes() %} commit_seq > {{ built_through() }} {% else %} true {% endif %}
    group by subscription_id
),

cancellations as (
    select
        subscription_id,
        tupleElement(cancellation, 'date') as cancelled_on
    from {{ folded('int_subscriptions__folded') }}
    where
        tupleElement(cancellation, 'id') != ''
        and subscription_id in (select sales.subscription_id from sales)
),

priced as (
    select
        subscription_id,
        min(valid_from) as priced_from,
        max(is_cancelled) as is_cancelled
    from {{ ref('int_subscriptions__priced') }}
    group by subscription_id
),

totals as (
    select
        count() as started,
        countIf(is_cancelled) as ended
    from priced
),

counted as (
    select
        sum(new_subscriptions) as started,
        sum(cancelled_subscriptions) as ended
    from {{ ref('subscription_metrics') }}
)

select
    sales.subscription_id as subscription_id,
    sales.sold_on as expected,
    priced.priced_from as found
from sales
left join priced on sales.subscription_id = priced.subscription_id
left join cancellations on sales.subscription_id = cancellations.subscription_id
where
    if(
        priced.subscription_id = '',
        cancellations.subscription_id = '' or cancellations.cancelled_on >= sales.sold_on,
        priced.priced_from > sales.sold_on
    )

union all

select
    'all' as subscription_id,
    toDate(0) as expected,
    toDate(0) as found
from totals
cross join counted
where totals.started != counted.started or totals.ended != counted.ended
