with earnings as (
    select
        date,
        user_id,
        job_id,
        currency,
        amount
    from {{ ref('stg_financial_records') }}
    where category = 'Earnings' and {{ restated('date') }}
),

converted as (
    {{ with_usd('earnings') }}
),

summed as (
    select
        date,
        user_id,
        job_id,
        toDecimal64(coalesce(sum(amount_usd), 0), 4) as earnings_usd
    from converted
    group by
        date,
        user_id,
        job_id
)

select * from summed
