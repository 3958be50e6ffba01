with spent as (
    select
        date,
        sum(spend_usd) as usd,
        sum(transactions) as payments,
        sum(unconverted_count) as unconverted
    from {{ ref('client_spend') }}
    where {{ mended('client_spend', open=true) }}
    group by date
),

earned as (
    select
        date,
        coalesce(sum(amount_usd), 0) as usd,
        count() as payments,
        countIf(amount_usd is null) as unconverted
    from {{ ref('int_financials__converted') }}
    where category = 'Earnings' and counterparty_id != '' and {{ mended('client_spend', open=true) }}
    group by date
),

versions as (
    select
        'client_spend' as origin,
        *
    from spent
    union all
    select
        'int_financials__converted' as origin,
        *
    from earned
)

select
    date,
    groupArray((origin, usd, payments, unconverted)) as found
from versions
group by date
having count() != 2 or uniqExact(usd, payments, unconverted) != 1
