-- To the last digit: the day, its rows of `revenue`, and its transactions one by one and as told, agree in
-- money and number.
with daily as (
    select
        date,
        total_revenue as gross,
        total_refunds as refunded,
        transaction_count as transactions
    from {{ ref('daily_metrics') }}
    where transaction_count > 0 and {{ mended('revenue', open=true) }}
),

streams as (
    select
        date,
        sum(gross_usd) as gross,
        sum(refund_usd) as refunded,
        sum(transaction_count + refund_count) as transactions
    from {{ ref('revenue') }}
    where {{ mended('revenue', open=true) }}
    group by date
),

single_transactions as (
    select
        date,
        coalesce(sumIf(amount_usd, not is_refund), 0) as gross,
        coalesce(sumIf(amount_usd, is_refund), 0) as refunded,
        count() as transactions
    from {{ ref('int_revenue__converted') }}
    where {{ mended('revenue', open=true) }}
    group by date
),

told_transactions as (
    select
        date,
        coalesce(sumIf(amount_usd, kind = 'charge'), 0) as gross,
        coalesce(sumIf(amount_usd, kind = 'refund'), 0) as refunded,
        count() as transactions
    from {{ ref('transactions') }}
    where kind in ('charge', 'refund') and {{ mended('revenue', open=true) }}
    group by date
),

versions as (
    select
        'daily_metrics' as origin,
        *
    from daily
    union all
    select
        'revenue' as origin,
        *
    from streams
    union all
    select
        'int_revenue__converted' as origin,
        *
    from single_transactions
    union all
    select
        'transactions' as origin,
        *
    from told_transactions
)

select
    date,
    groupArray((origin, gross, refunded, transactions)) as found
from versions
group by date
having count() != 4 or uniqExact(gross, refunded, transactions) != 1
