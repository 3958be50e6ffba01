/*
path: /api/v1/analytics/uploader/dashboard
summary: Uploader dashboard
description: What an uploader sent in, paid and got back in the period.
source: "creator-platform-epic-07-analytics-reporting.md: Uploader Dashboard"
roles: [admin, analyst, uploader]
marts: [uploader_activity, upload_progress, output_types, uploads, assignments, exchange_rates]
shape: object
parameters: [userId, period, currency]
parts:
  summary:
    shape: object
    description: The period, but for uploads pending, which are those of all time.
    columns:
      uploads_count: {type: UInt64, description: Uploads that arrived in full., of: uploader_activity.uploads}
      total_spent: {type: "Nullable(Decimal(38, 4))", description: One-off payments., of: uploader_activity.spent_usd}
      avg_delivery_hours: {type: Nullable(Float64), description: Mean hours from creation to completion of the assignments completed; null without any.}
      pending_count: {type: UInt64, description: Uploads begun that have not arrived in full., of: upload_progress.pending}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      uploads_count: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Uploads that arrived in full., of: uploader_activity.uploads}
      total_spent: {type: "Tuple(previous Nullable(Decimal(38, 4)), change Nullable(Float64))", description: One-off payments., of: uploader_activity.spent_usd}
      avg_delivery_hours: {type: "Tuple(previous Nullable(Float64), change Nullable(Float64))", description: "Mean hours to deliver; below zero is faster.", of: uploader_activity.avg_delivery_hours}
  all_time:
    shape: object
    description: Since the first day.
    columns:
      uploads_count: {type: UInt64, description: Uploads that arrived in full., of: uploader_activity.uploads}
      total_spent: {type: "Nullable(Decimal(38, 4))", description: One-off payments., of: uploader_activity.spent_usd}
      completed_count: {type: UInt64, description: Uploads begun that have arrived in full., of: upload_progress.completed}
  spending_trend:
    shape: rows
    description: Payments by day, week or month of the period, zeros included.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      amount: {type: "Nullable(Decimal(38, 4))", description: Payments., of: uploader_activity.spent_usd}
  output_type_breakdown:
    shape: rows
    description: Outputs received in the period.
    order: [type]
    columns:
      type: {type: String, description: "Kind of output, empty where none is named.", of: output_types.output_type}
      count: {type: UInt64, description: Assignments completed., of: output_types.completed}
      percent: {type: Float64, description: "Of all outputs received, 0 to 100."}
  recent_uploads:
    shape: rows
    description: The ten latest uploads, the newest first.
    order: [-started_at, -upload_id]
    columns:
      upload_id: {type: String, description: The upload., of: uploads.upload_id}
      status: {type: String, description: "`pending` until it has arrived in full, `in_review` while work on it is open, else `completed`.", of: uploads.status}
      started_at: {type: "DateTime64(3, 'UTC')", description: When it began., of: uploads.started_at}
      completed_at: {type: "Nullable(DateTime64(3, 'UTC'))", description: When it arrived in full; null if it has not., of: uploads.completed_at}
*/
-- part: summary
-- uses: currency
with activity as (
    select
        sum(uploads) as uploads_count,
        told_sum(spent_usd, date) as total_spent,
        sum(avg_delivery_hours * assignments_completed) / nullIf(sum(assignments_completed), 0) as avg_delivery_hours
    from uploader_activity
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
),

progress as (
    select sum(pending) as pending_count
    from upload_progress
    where user_id = {userId:String}
)

select
    activity.uploads_count as uploads_count,
    activity.total_spent as total_spent,
    activity.avg_delivery_hours as avg_delivery_hours,
    progress.pending_count as pending_count
from activity
cross join progress;

-- part: comparison
-- uses: comparison, currency
with counted as (
    select
        sumIf(uploads, date >= {startDate:Date}) as arrived,
        sumIf(uploads, date <= {previousEnd:Date}) as arrived_before,
        told_sum(if(date >= {startDate:Date}, spent_usd, 0), date) as spent,
        told_sum(if(date <= {previousEnd:Date}, spent_usd, 0), date) as spent_before,
        sumIf(avg_delivery_hours * assignments_completed, date >= {startDate:Date})
        / nullIf(sumIf(assignments_completed, date >= {startDate:Date}), 0) as hours,
        sumIf(avg_delivery_hours * assignments_completed, date <= {previousEnd:Date})
        / nullIf(sumIf(assignments_completed, date <= {previousEnd:Date}), 0) as hours_before
    from uploader_activity
    where
        user_id = {userId:String}
        and (
            date between {startDate:Date} and {endDate:Date}
            or date between {previousStart:Date} and {previousEnd:Date}
        )
)

select
    compared(arrived, arrived_before) as uploads_count,
    compared(spent, spent_before) as total_spent,
    compared(hours, hours_before) as avg_delivery_hours
from counted;

-- part: all_time
-- uses: currency
with activity as (
    select
        sum(uploads) as uploads_count,
        told_sum(spent_usd, date) as total_spent
    from uploader_activity
    where user_id = {userId:String}
),

progress as (
    select sum(completed) as completed_count
    from upload_progress
    where user_id = {userId:String}
)

select
    activity.uploads_count as uploads_count,
    activity.total_spent as total_spent,
    progress.completed_count as completed_count
from activity
cross join progress;

-- part: spending_trend
-- uses: currency
with days as (
    select
        date,
        spent_usd
    from uploader_activity
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
    union all
    select
        {startDate:Date} + number as date,
        toDecimal64(0, 4) as spent_usd
    from numbers(dateDiff('day', {startDate:Date}, {endDate:Date}) + 1)
)

select
    toDate(dateTrunc({granularity:String}, days.date)) as date,
    told_sum(days.spent_usd, days.date) as amount
from days
group by date
order by date;

-- part: output_type_breakdown
with received as (
    select
        output_type,
        sum(completed) as outputs
    from output_types
    where
        user_id = {userId:String}
        and date between {startDate:Date} and {endDate:Date}
    group by output_type
    having outputs > 0
)

select
    output_type as type,
    outputs as count,
    round(100 * outputs / sum(outputs) over (), 2) as percent
from received
order by type;

-- part: recent_uploads
with latest as (
    select
        uploads.upload_id as upload_id,
        uploads.status as status,
        uploads.started_at as started_at,
        uploads.completed_at as completed_at
    from uploads
    where uploads.user_id = {userId:String}
    order by
        uploads.started_at desc,
        uploads.upload_id desc
    limit 10
),

unfinished as (
    select distinct assignments.upload_id as upload_id
    from assignments
    where
        assignments.upload_id in (select latest.upload_id from latest)
        and assignments.status = 'open'
)

select
    latest.upload_id as upload_id,
    if(
        latest.status = 'completed' and latest.upload_id in (select unfinished.upload_id from unfinished),
        'in_review',
        latest.status
    ) as status,
    latest.started_at as started_at,
    latest.completed_at as completed_at
from latest
order by
    started_at desc,
    upload_id desc;
