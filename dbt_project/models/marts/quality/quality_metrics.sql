with reviews as (
    select *
    from {{ ref('stg_assignment_reviews') }}
    where {{ restated('date') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where assignment_id in (select reviews.assignment_id from reviews)
),

assignments as (
    select
        known_assignments.assignment_id as assignment_id,
        known_assignments.typing.output_type as output_type
    from known_assignments
),

characterised as (
    select
        reviews.date as date,
        if(reviews.output_type != '', reviews.output_type, assignments.output_type) as output_type,
        reviews.decision as decision,
        reviews.version as version,
        reviews.overall_score as overall_score
    from reviews
    left join assignments on reviews.assignment_id = assignments.assignment_id
),

counted as (
    select
        date,
        output_type,
        count() as reviews,
        count(overall_score) as rated,
        avg(overall_score) as avg_rating,
        countIf(decision = 'approved') as approved,
        countIf(decision = 'approved' and version = 1) as first_approved,
        countIf(decision = 'revision') as revisions,
        countIf(decision = 'rejected') as rejections
    from characterised
    group by
        date,
        output_type
)

select
    date,
    output_type,
    reviews,
    rated,
    avg_rating,
    approved,
    first_approved,
    revisions,
    rejections,
    approved / nullIf(reviews, 0) as approval_rate,
    first_approved / nullIf(approved, 0) as first_approval_rate,
    revisions / nullIf(reviews, 0) as revision_rate,
    rejections / nullIf(reviews, 0) as rejection_rate
from counted
