{{ config(materialized='view') }}

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
)

select
    rate_currency,
    valid_from,
    -- Nullable, so that a join without a match says null and not 0.
    toNullable(usd_rate) as usd_rate
from extended
