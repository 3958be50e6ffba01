/*
path: /api/v1/reports/summary
summary: Comprehensive analytics summary
description: The dashboard and all metrics of the range in one, with what is to be expected and what was unusual.
source: "job-placement-analytics-service.md: GET /api/v1/reports/summary"
roles: [admin, analyst]
marts: [compliance_metrics, forecasts, anomalies]
shape: object
parameters: [startDate, endDate, currency]
parts:
  overview: {endpoint: /api/v1/dashboard}
  users: {endpoint: /api/v1/metrics/users}
  jobs: {endpoint: /api/v1/metrics/jobs}
  matching: {endpoint: /api/v1/metrics/matching}
  revenue: {endpoint: /api/v1/metrics/revenue}
  compliance:
    shape: object
    description: Completeness of the audit trail in the range.
    columns:
      audited_actions: {type: UInt64, description: Entries of the audit trail.}
      complete_actions: {type: UInt64, description: Of them those that are complete.}
      audit_completeness: {type: Nullable(Float64), description: Their share; null without any.}
  forecasts:
    shape: rows
    description: "What the days from the last event day on are likely to bring, learnt every night."
    order: [metric, date]
    columns:
      metric: {type: String, description: "What is forecast, one of the watched figures.", of: forecasts.metric}
      date: {type: Date, description: The day., of: forecasts.date}
      value: {type: Float64, description: What is expected., of: forecasts.value}
      lower: {type: Float64, description: One day in ten should come below., of: forecasts.lower}
      upper: {type: Float64, description: One day in ten should come above., of: forecasts.upper}
  anomalies:
    shape: rows
    description: Days of the range out of line with what was expected of them.
    order: [metric, date]
    columns:
      metric: {type: String, description: "What was unusual, one of the watched figures.", of: anomalies.metric}
      date: {type: Date, description: The day., of: anomalies.date}
      value: {type: Float64, description: What it was., of: anomalies.value}
      expected: {type: Float64, description: What was usual., of: anomalies.expected}
      severity: {type: String, description: "`critical` or `warning`.", of: anomalies.severity}
*/
-- part: compliance
select
    sum(compliance_metrics.audited_actions) as audited_actions,
    sum(compliance_metrics.complete_actions) as complete_actions,
    sum(compliance_metrics.complete_actions)
    / nullIf(sum(compliance_metrics.audited_actions), 0) as audit_completeness
from compliance_metrics
where date between {startDate:Date} and {endDate:Date};

-- part: forecasts
select
    metric,
    date,
    value,
    lower,
    upper
from forecasts
order by
    metric,
    date;

-- part: anomalies
select
    metric,
    date,
    value,
    expected,
    severity
from anomalies
where date between {startDate:Date} and {endDate:Date}
order by
    metric,
    date;
