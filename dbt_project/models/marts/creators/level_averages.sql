with creators as (
    select *
    from {{ ref('creator_standings') }}
),

summed as (
    select
        level,
        count() as creators,
        sum(tasks_completed) as all_tasks,
        sum(rating_sum) as all_rating_sum,
        sum(rating_count) as all_rating_count,
        sum(on_time) as all_on_time,
        sum(with_deadline) as all_with_deadline,
        sum(approved_first) as all_approved_first,
        sum(approved) as all_approved
    from creators
    group by level
)

select
    level,
    creators,
    toFloat64(all_rating_sum) / nullIf(all_rating_count, 0) as avg_rating,
    all_tasks / creators as avg_tasks_completed,
    all_on_time / nullIf(all_with_deadline, 0) as on_time_rate,
    all_approved_first / nullIf(all_approved, 0) as first_approval_rate
from summed
