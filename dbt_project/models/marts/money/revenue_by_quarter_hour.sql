with transactions as (
    select *
    from {{ ref('int_revenue__converted') }}
    where {{ restated('date') }}
),

summed as (
    select
        {{ quarter_at('occurred_at') }} as quarter_at,
        stream,
        plan_id,
        toDecimal64(coalesce(sumIf(amount_usd, not is_refund), 0), 4) as gross_usd,
        toDecimal64(coalesce(sumIf(amount_usd, is_refund), 0), 4) as refund_usd,
        countIf(not is_refund) as transaction_count,
        countIf(is_refund) as refund_count,
        countIf(amount_usd is null) as unconverted_count
    from transactions
    group by
        quarter_at,
        stream,
        plan_id
)

select
    quarter_at,
    stream,
    plan_id,
    gross_usd,
    refund_usd,
    toDecimal64(gross_usd - refund_usd, 4) as net_usd,
    transaction_count,
    refund_count,
    unconverted_count
from summed
