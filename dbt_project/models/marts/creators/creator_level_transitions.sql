with changes as (
    select *
    from {{ ref('int_level_changes__linked') }}
),

counted as (
    select
        date,
        from_level,
        to_level,
        count() as transitions,
        sum(dateDiff('millisecond', entered_at, occurred_at)) as stayed_ms
    from changes
    group by
        date,
        from_level,
        to_level
)

select
    date,
    from_level,
    to_level,
    transitions,
    stayed_ms / transitions / 86400000 as avg_days_in_from_level
from counted
