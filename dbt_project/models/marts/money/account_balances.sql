with bookings as (
    select
        user_id,
        sum(earnings_usd) as earned,
        sum(refunds_usd) as refunded,
        sum(fees_usd) as charged,
        sum(unconverted_count) as unconverted
    from {{ ref('freelancer_earnings') }}
    group by user_id
),

paid_out as (
    select
        user_id,
        sum(amount_usd) as paid,
        sum(unconverted_count) as unconverted
    from {{ ref('payouts') }}
    group by user_id
),

accounts as (
    select user_id
    from bookings
    union distinct
    select user_id
    from paid_out
),

balanced as (
    select
        accounts.user_id as user_id,
        toDecimal64(bookings.earned, 4) as earnings_usd,
        toDecimal64(bookings.refunded, 4) as refunds_usd,
        toDecimal64(bookings.charged, 4) as fees_usd,
        toDecimal64(paid_out.paid, 4) as payouts_usd,
        bookings.unconverted + paid_out.unconverted as unconverted_count
    from accounts
    left join bookings on accounts.user_id = bookings.user_id
    left join paid_out on accounts.user_id = paid_out.user_id
)

select
    user_id,
    earnings_usd,
    refunds_usd,
    fees_usd,
    payouts_usd,
    earnings_usd - fees_usd - refunds_usd - payouts_usd as available_usd,
    unconverted_count
from balanced
