/*
path: /api/v1/admin/analytics/fraud
summary: Fraud metrics
description: Suspicions raised and settled in the period, and how right they were.
source: "creator-platform-epic-07-analytics-reporting.md: Fraud Metrics"
roles: [admin, analyst]
marts: [fraud_metrics, account_safety]
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
    description: The period; flags pending are those at its end.
    columns:
      pending_flags: {type: UInt64, description: Flags raised and not settled., of: account_safety.flags_pending}
      resolved_this_period: {type: UInt64, description: "Flags settled, each once a day.", of: fraud_metrics.flags_resolved}
      accounts_suspended: {type: UInt64, description: "Users suspended, each once a day.", of: account_safety.accounts_suspended}
      duplicate_accounts_blocked: {type: UInt64, description: Duplicate accounts stopped., of: account_safety.duplicates_blocked}
  comparison:
    shape: object
    description: "The period before up to as many days, and the change from it to this one as a fraction; null when there was nothing before."
    columns:
      flags_created: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Flags raised., of: fraud_metrics.flags_created}
      resolved_this_period: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Flags settled., of: fraud_metrics.flags_resolved}
  flag_types:
    shape: rows
    description: Flags raised in the period, by kind.
    order: [type]
    columns:
      type: {type: String, description: Kind of suspicion., of: fraud_metrics.flag_type}
      count: {type: UInt64, description: Flags first raised., of: fraud_metrics.flags_created}
  trend:
    shape: rows
    description: By day, week or month of the period, zeros included.
    order: [date]
    columns:
      date: {type: Date, description: First day of the step.}
      flags_created: {type: UInt64, description: Flags first raised.}
      flags_resolved: {type: UInt64, description: "Flags settled, each once a day."}
  rates:
    shape: fields
    columns:
      false_positive_rate: {type: Nullable(Float64), description: Share of the flags settled that were found wrong; null without any.}
      auto_flag_accuracy: {type: Nullable(Float64), description: Share of the automatic flags settled that were found right; null without any., of: fraud_metrics.flag_accuracy}
  prevention:
    shape: fields
    columns:
      fraud_prevention_rate: {type: Nullable(Float64), description: Share of the fraud found that never got an account; null without any., of: account_safety.fraud_prevention_rate}
      duplicate_detection_rate: {type: Nullable(Float64), description: Share of those who tried to open an account that were stopped as duplicates; null without any., of: account_safety.duplicate_detection_rate}
*/
-- part: summary
with safety as (
    select
        argMax(flags_pending, date) as pending_flags,
        sum(account_safety.accounts_suspended) as accounts_suspended,
        sum(duplicates_blocked) as duplicate_accounts_blocked
    from account_safety
    where date between {startDate:Date} and {endDate:Date}
),

flags as (
    select sum(flags_resolved) as resolved_this_period
    from fraud_metrics
    where date between {startDate:Date} and {endDate:Date}
)

select
    safety.pending_flags as pending_flags,
    flags.resolved_this_period as resolved_this_period,
    safety.accounts_suspended as accounts_suspended,
    safety.duplicate_accounts_blocked as duplicate_accounts_blocked
from safety
cross join flags;

-- part: comparison
-- uses: comparison
with counted as (
    select
        sumIf(flags_created, date >= {startDate:Date}) as raised,
        sumIf(flags_created, date <= {previousEnd:Date}) as raised_before,
        sumIf(flags_resolved, date >= {startDate:Date}) as settled,
        sumIf(flags_resolved, date <= {previousEnd:Date}) as settled_before
    from fraud_metrics
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(raised, raised_before) as flags_created,
    compared(settled, settled_before) as resolved_this_period
from counted;

-- part: flag_types
select
    flag_type as type,
    sum(flags_created) as count
from fraud_metrics
where date between {startDate:Date} and {endDate:Date}
group by type
having count > 0
order by type;

-- part: trend
with days as (
    select
        date,
        flags_created,
        flags_resolved
    from fraud_metrics
    where date between {startDate:Date} and {endDate:Date}
    union all
    select
        {startDate:Date} + number as date,
        toUInt64(0) as flags_created,
        toUInt64(0) as flags_resolved
    from numbers(dateDiff('day', {startDate:Date}, {endDate:Date}) + 1)
)

select
    toDate(dateTrunc({granularity:String}, days.date)) as date,
    sum(days.flags_created) as flags_created,
    sum(days.flags_resolved) as flags_resolved
from days
group by date
order by date;

-- part: rates
select
    sum(false_positives) / nullIf(sum(confirmed) + sum(false_positives), 0) as false_positive_rate,
    sum(automatic_confirmed) / nullIf(sum(automatic_resolved), 0) as auto_flag_accuracy
from fraud_metrics
where date between {startDate:Date} and {endDate:Date};

-- part: prevention
select
    sum(duplicates_blocked) / nullIf(sum(duplicates_blocked) + sum(flags_confirmed), 0) as fraud_prevention_rate,
    sum(duplicates_blocked) / nullIf(sum(duplicates_blocked) + sum(new_users), 0) as duplicate_detection_rate
from account_safety
where date between {startDate:Date} and {endDate:Date};
