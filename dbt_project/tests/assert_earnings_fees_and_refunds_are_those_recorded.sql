-- To the last digit: the marts, the single bookings and, for fees and refunds, the revenue agree day by day.
with marts as (
    select
        date,
        sum(earnings_usd) as earned,
        sum(fees_usd) as charged,
        sum(refunds_usd) as refunded,
        sum(escrow_usd) as held,
        sum(transactions) as bookings,
        sum(unconverted_count) as unconverted
    from {{ ref('freelancer_earnings') }}
    where {{ mended('freelancer_earnings', open=true) }}
    group by date
),

single_bookings as (
    select
        date,
        coalesce(sumIf(amount_usd, category = 'Earnings'), 0) as earned,
        coalesce(sumIf(amount_usd, category = 'Fee'), 0) as charged,
        coalesce(sumIf(amount_usd, category = 'Refund'), 0) as refunded,
        coalesce(sumIf(amount_usd, category = 'Escrow'), 0) as held,
        count() as bookings,
        countIf(amount_usd is null) as unconverted
    from {{ ref('int_financials__converted') }}
    where {{ mended('freelancer_earnings', open=true) }}
    group by date
),

streams as (
    select
        date,
        sum(gross_usd) as charged,
        sum(refund_usd) as refunded
    from {{ ref('revenue') }}
    where stream = 'service_fee' and {{ mended('freelancer_earnings', open=true) }}
    group by date
),

versions as (
    select
        'freelancer_earnings' as origin,
        *
    from marts
    union all
    select
        'int_financials__converted' as origin,
        *
    from single_bookings
),

agreed as (
    select
        date,
        count() as origins,
        uniqExact(earned, charged, refunded, held, bookings, unconverted) as readings,
        any(charged) as fees_usd,
        any(refunded) as refunds_usd
    from versions
    group by date
)

select
    agreed.date as date,
    agreed.origins as origins,
    agreed.readings as readings,
    agreed.fees_usd as fees_usd,
    streams.charged as fees_in_revenue,
    agreed.refunds_usd as refunds_usd,
    streams.refunded as refunds_in_revenue
from agreed
left join streams on agreed.date = streams.date
where
    agreed.origins != 2
    or agreed.readings != 1
    or agreed.fees_usd != streams.charged
    or agreed.refunds_usd != streams.refunded
