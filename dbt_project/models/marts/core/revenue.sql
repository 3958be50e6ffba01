with transactions as (
    select *
    from {{ ref('int_revenue__converted') }}
    where {{ restated('date') }}
),

summed as (
    select
        date,
        stream,
        currency,
        plan_id,
        sumIf(amount, not is_refund) as gross_amount,
        sumIf(amount, is_refund) as refund_amount,
        coalesce(sumIf(amount_usd, not is_refund), 0) as gross_usd,
        coalesce(sumIf(amount_usd, is_refund), 0) as refund_usd,
        countIf(not is_refund) as transaction_count,
        countIf(is_refund) as refund_count,
        countIf(amount_usd is null) as unconverted_count
    from transactions
    group by
        date,
        stream,
        currency,
        plan_id
)

select
    date,
    stream,
    currency,
    plan_id,
    toDecimal64(assumeNotNull(gross_amount), 4) as gross_amount,
    toDecimal64(assumeNotNull(refund_amount), 4) as refund_amount,
    toDecimal64(assumeNotNull(gross_amount - refund_amount), 4) as net_amount,
    toDecimal64(gross_usd, 4) as gross_usd,
    toDecimal64(refund_usd, 4) as refund_usd,
    toDecimal64(gross_usd - refund_usd, 4) as net_usd,
    transaction_count,
    refund_count,
    unconverted_count
from summed
