with rates as (
    select *
    from {{ ref('fx_rates') }}
    where currency != 'USD'
),

dollar as (
    select
        'USD' as rate_currency,
        toDate('1970-01-01') as valid_from,
        toDecimal64(1, 8) as usd_rate
),

extended as (
    select
        toString(currency) as rate_currency,
        date as valid_from,
        usd_rate
    from rates
    union all
    select
        rate_currency,
        valid_from,
        usd_rate
    from dollar
),

bounded as (
    select
        rate_currency,
        valid_from,
        leadInFrame(valid_from, 1, toDate('2149-06-06')) over (
            partition by rate_currency
            order by valid_from asc rows between current row and unbounded following
        ) as valid_until,
        -- Nullable, so that a join without a match says null and not 0.
        toNullable(usd_rate) as usd_rate
    from extended
)

select * from bounded
