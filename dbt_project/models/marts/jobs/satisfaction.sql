with feedback as (
    select *
    from {{ ref('stg_feedback') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        count() as feedbacks,
        countIf(score >= 4) as satisfied,
        avg(score) as avg_score
    from feedback
    group by date
)

select
    date,
    feedbacks,
    satisfied,
    avg_score,
    satisfied / nullIf(feedbacks, 0) as satisfied_rate
from counted
