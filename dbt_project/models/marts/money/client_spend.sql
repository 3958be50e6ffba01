with payments as (
    select *
    from {{ ref('client_bookings') }}
    where category = 'Earnings' and {{ restated('date') }}
)

select
    date,
    user_id,
    job_type,
    amount_usd as spend_usd,
    transactions,
    unconverted_count
from payments
