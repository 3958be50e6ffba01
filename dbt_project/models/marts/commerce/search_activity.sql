with searches as (
    select *
    from {{ ref('stg_searches') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        count() as searches,
        uniqExactIf(user_id, user_id != '') as searchers
    from searches
    group by date
)

select
    date,
    searches,
    searchers
from counted
