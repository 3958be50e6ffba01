with records as (
    select *
    from {{ ref('int_financials__converted') }}
    where {{ restated('date') }}
),

summed as (
    select
        date,
        user_id,
        coalesce(sumIf(amount_usd, category = 'Earnings'), 0) as earnings_usd,
        coalesce(sumIf(amount_usd, category = 'Refund'), 0) as refunds_usd,
        coalesce(sumIf(amount_usd, category = 'Fee'), 0) as fees_usd,
        coalesce(sumIf(amount_usd, category = 'Escrow'), 0) as escrow_usd,
        count() as transactions,
        countIf(amount_usd is null) as unconverted_count
    from records
    group by
        date,
        user_id
)

select
    date,
    user_id,
    toDecimal64(earnings_usd, 4) as earnings_usd,
    toDecimal64(refunds_usd, 4) as refunds_usd,
    toDecimal64(fees_usd, 4) as fees_usd,
    toDecimal64(escrow_usd, 4) as escrow_usd,
    transactions,
    unconverted_count
from summed
