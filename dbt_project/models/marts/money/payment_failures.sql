with refused as (
    select *
    from {{ ref('stg_payment_failures') }}
    where {{ restated('date') }}
),

converted as (
    {{ with_usd('refused') }}
),

succeeded as (
    select
        date,
        count() as successes
    from {{ ref('stg_subscription_payments') }}
    where {{ restated('date') }}
    group by date
),

counted as (
    select
        date,
        reason,
        count() as failures,
        coalesce(sum(amount_usd), 0) as total_usd,
        countIf(amount_usd is null) as unconverted_count
    from converted
    group by
        date,
        reason
),

compared as (
    select
        counted.date as date,
        counted.reason as reason,
        counted.failures as failures,
        toDecimal64(counted.total_usd, 4) as amount_usd,
        counted.unconverted_count as unconverted_count,
        succeeded.successes + sum(counted.failures) over (partition by counted.date) as attempts
    from counted
    left join succeeded on counted.date = succeeded.date
)

select
    date,
    reason,
    failures,
    amount_usd,
    unconverted_count,
    attempts,
    failures / attempts as failure_rate
from compared
