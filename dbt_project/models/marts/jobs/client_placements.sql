with placements as (
    select
        toStartOfMonth(date) as month,
        date,
        client_id,
        placement_id,
        currency,
        fee
    from {{ ref('stg_placements') }}
    where {{ restated('toStartOfMonth(date)') }}
),

converted as (
    {{ with_usd('placements', 'fee') }}
),

summed as (
    select
        month,
        client_id,
        uniqExact(placement_id) as placements,
        toDecimal64(coalesce(sum(fee_usd), 0), 4) as fee_usd_sum
    from converted
    group by
        month,
        client_id
)

select
    month,
    client_id,
    placements,
    fee_usd_sum as fee_usd
from summed
