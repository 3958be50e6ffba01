with rates as (
    select *
    from {{ ref('int_fx__extended') }}
)

select
    rate_currency as currency,
    valid_from,
    valid_until,
    assumeNotNull(usd_rate) as usd_rate
from rates
