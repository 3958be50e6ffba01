{{ config(materialized='view') }}

with levels as (
    select
        toString(level) as level,
        rank,
        tasks_required,
        rating_required
    from {{ ref('creator_levels') }}
),

ranked as (
    select
        level,
        rank,
        row_number() over (order by rank asc) = 1 as is_lowest,
        leadInFrame(toNullable(level)) over following as next_level,
        leadInFrame(toNullable(tasks_required)) over following as next_tasks_required,
        leadInFrame(toNullable(rating_required)) over following as next_rating_required
    from levels
    window following as (order by rank asc rows between current row and unbounded following)
)

select
    level,
    rank,
    is_lowest,
    next_level,
    next_tasks_required,
    next_rating_required
from ranked
