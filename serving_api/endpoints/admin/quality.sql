/*
path: /api/v1/admin/analytics/quality
summary: Quality metrics
description: How submitted work was judged in the period.
source: "creator-platform-epic-07-analytics-reporting.md: US-7.6 Quality Metrics"
roles: [admin, analyst]
marts: [quality_metrics, rating_distribution]
shape: object
parameters:
  - name: period
    type: period
    choices: [day, week, month, quarter, year]
    default: month
    description: >-
      Calendar period up to the day of `X-Complete-Through` (UTC; weeks begin on Monday). Comparisons are with as many
      days from the beginning of the period before. Trends have a point a day; for a quarter a week, for a year a month.
parts:
  summary:
    shape: object
    description: The period.
    columns:
      reviews: {type: UInt64, description: Reviews.}
      avg_rating: {type: Nullable(Float64), description: "Mean score, 1 to 5; null without any."}
      approval_rate: {type: Nullable(Float64), description: Share of the reviews that approve.}
      first_approval_rate: {type: Nullable(Float64), description: Share of the approvals that approve the first version.}
      revision_rate: {type: Nullable(Float64), description: Share of the reviews that ask for a revision.}
      rejection_rate: {type: Nullable(Float64), description: Share of the reviews that reject.}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      avg_rating: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Mean score.}
      first_approval_rate: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Share of the approvals that approve the first version.}
      revision_rate: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Share of the reviews that ask for a revision.}
      rejection_rate: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: Share of the reviews that reject.}
  by_output_type:
    shape: rows
    description: The same by kind of output.
    order: [type]
    columns:
      type: {type: String, description: "Kind of output, empty where none is named.", of: quality_metrics.output_type}
      reviews: {type: UInt64, description: Reviews.}
      avg_rating: {type: Nullable(Float64), description: "Mean score, 1 to 5; null without any."}
      approval_rate: {type: Nullable(Float64), description: Share of the reviews that approve.}
      first_approval_rate: {type: Nullable(Float64), description: Share of the approvals that approve the first version.}
      revision_rate: {type: Nullable(Float64), description: Share of the reviews that ask for a revision.}
      rejection_rate: {type: Nullable(Float64), description: Share of the reviews that reject.}
  trend:
    shape: rows
    description: The same by day, week or month of the period; steps without a review have no row.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      reviews: {type: UInt64, description: Reviews.}
      avg_rating: {type: Nullable(Float64), description: "Mean score, 1 to 5; null without any."}
      approval_rate: {type: Nullable(Float64), description: Share of the reviews that approve.}
      first_approval_rate: {type: Nullable(Float64), description: Share of the approvals that approve the first version.}
      revision_rate: {type: Nullable(Float64), description: Share of the reviews that ask for a revision.}
      rejection_rate: {type: Nullable(Float64), description: Share of the reviews that reject.}
  rating_distribution:
    shape: rows
    description: How the scores of the period are spread.
    order: [score]
    columns:
      score: {type: UInt8, description: "Score, rounded to a whole number.", of: rating_distribution.score}
      reviews: {type: UInt64, description: Reviews with it., of: rating_distribution.reviews}
*/
-- part: summary
select
    sum(quality_metrics.reviews) as reviews,
    sum(quality_metrics.avg_rating * rated) / nullIf(sum(rated), 0) as avg_rating,
    sum(approved) / nullIf(sum(quality_metrics.reviews), 0) as approval_rate,
    sum(first_approved) / nullIf(sum(approved), 0) as first_approval_rate,
    sum(revisions) / nullIf(sum(quality_metrics.reviews), 0) as revision_rate,
    sum(rejections) / nullIf(sum(quality_metrics.reviews), 0) as rejection_rate
from quality_metrics
where date between {startDate:Date} and {endDate:Date};

-- part: comparison
-- uses: comparison
with counted as (
    select
        sumIf(avg_rating * rated, date >= {startDate:Date})
        / nullIf(sumIf(rated, date >= {startDate:Date}), 0) as rating,
        sumIf(avg_rating * rated, date <= {previousEnd:Date})
        / nullIf(sumIf(rated, date <= {previousEnd:Date}), 0) as rating_before,
        sumIf(first_approved, date >= {startDate:Date})
        / nullIf(sumIf(approved, date >= {startDate:Date}), 0) as first,
        sumIf(first_approved, date <= {previousEnd:Date})
        / nullIf(sumIf(approved, date <= {previousEnd:Date}), 0) as first_before,
        sumIf(revisions, date >= {startDate:Date})
        / nullIf(sumIf(reviews, date >= {startDate:Date}), 0) as revised,
        sumIf(revisions, date <= {previousEnd:Date})
        / nullIf(sumIf(reviews, date <= {previousEnd:Date}), 0) as revised_before,
        sumIf(rejections, date >= {startDate:Date})
        / nullIf(sumIf(reviews, date >= {startDate:Date}), 0) as rejected,
        sumIf(rejections, date <= {previousEnd:Date})
        / nullIf(sumIf(reviews, date <= {previousEnd:Date}), 0) as rejected_before
    from quality_metrics
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(rating, rating_before) as avg_rating,
    compared(first, first_before) as first_approval_rate,
    compared(revised, revised_before) as revision_rate,
    compared(rejected, rejected_before) as rejection_rate
from counted;

-- part: by_output_type
select
    output_type as type,
    sum(quality_metrics.reviews) as reviews,
    sum(quality_metrics.avg_rating * rated) / nullIf(sum(rated), 0) as avg_rating,
    sum(approved) / nullIf(sum(quality_metrics.reviews), 0) as approval_rate,
    sum(first_approved) / nullIf(sum(approved), 0) as first_approval_rate,
    sum(revisions) / nullIf(sum(quality_metrics.reviews), 0) as revision_rate,
    sum(rejections) / nullIf(sum(quality_metrics.reviews), 0) as rejection_rate
from quality_metrics
where date between {startDate:Date} and {endDate:Date}
group by type
order by type;

-- part: trend
select
    toDate(dateTrunc({granularity:String}, quality_metrics.date)) as date,
    sum(quality_metrics.reviews) as reviews,
    sum(quality_metrics.avg_rating * rated) / nullIf(sum(rated), 0) as avg_rating,
    sum(approved) / nullIf(sum(quality_metrics.reviews), 0) as approval_rate,
    sum(first_approved) / nullIf(sum(approved), 0) as first_approval_rate,
    sum(revisions) / nullIf(sum(quality_metrics.reviews), 0) as revision_rate,
    sum(rejections) / nullIf(sum(quality_metrics.reviews), 0) as rejection_rate
from quality_metrics
where quality_metrics.date between {startDate:Date} and {endDate:Date}
group by date
order by date;

-- part: rating_distribution
select
    score,
    sum(rating_distribution.reviews) as reviews
from rating_distribution
where date between {startDate:Date} and {endDate:Date}
group by score
order by score;
