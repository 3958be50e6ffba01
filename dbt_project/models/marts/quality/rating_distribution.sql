with reviews as (
    select *
    from {{ ref('stg_assignment_reviews') }}
    where overall_score is not null and {{ restated('date') }}
),

rounded as (
    select
        date,
        toUInt8(round(assumeNotNull(overall_score))) as score
    from reviews
),

counted as (
    select
        date,
        score,
        count() as reviews
    from rounded
    group by
        date,
        score
)

select
    date,
    score,
    reviews
from counted
