with completions as (
    select *
    from {{ ref('stg_contracts_completed') }}
    where {{ arrived() }}
),

sendings as (
    select *
    from {{ ref('stg_proposals_sent') }}
    where {{ arrived() }}
),

earnings as (
    select *
    from {{ ref('stg_financial_records') }}
    where category = 'Earnings' and {{ arrived() }}
),

appearances as (
    select
        freelancer_id as user_id,
        date
    from completions
    union all
    select
        freelancer_id as user_id,
        date
    from sendings
    union all
    select
        user_id,
        date
    from earnings
),

folded as (
    select
        user_id,
        min(date) as first_date
    from appearances
    group by user_id
)

select
    user_id,
    first_date
from folded
