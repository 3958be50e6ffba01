/*
path: /api/v1/metrics/users
summary: User analytics
description: Engagement, retention and acquisition in the range, and what changed against as many days before.
source: "job-placement-analytics-service.md: GET /api/v1/metrics/users"
roles: [admin, analyst]
marts: [daily_metrics, user_sessions, user_retention, user_acquisition, signup_sources, feature_adoption]
shape: object
parameters: [startDate, endDate]
parts:
  users:
    shape: fields
    columns:
      total_users: {type: UInt64, description: Users signed up by the end of the range., of: daily_metrics.new_users}
      new_users: {type: UInt64, description: Users whose first signup falls in the range.}
      active_users_avg: {type: Float64, description: Mean of the daily active users; 0 without days., of: daily_metrics.active_users}
      wau: {type: UInt64, description: Distinct active users in the 7 days ending on the last day of the range that has come.}
      mau: {type: UInt64, description: The same for 30 days.}
  comparison:
    shape: object
    description: The range before, and the change from it to this one as a fraction; null when there was nothing before.
    columns:
      new_users: {type: "Tuple(previous UInt64, change Nullable(Float64))", description: Users whose first signup falls in the range.}
      active_users_avg: {type: "Tuple(previous Float64, change Nullable(Float64))", description: Mean of the daily active users., of: daily_metrics.active_users}
  engagement:
    shape: object
    description: Visits.
    columns:
      sessions: {type: UInt64, description: Sessions that begin in the range., of: user_sessions.sessions}
      avg_session_seconds: {type: Nullable(Float64), description: Their mean duration; null without any., of: user_sessions.avg_session_seconds}
  retention:
    shape: rows
    description: What share of the users of the cohorts that begin in the range came back in each week after the signup.
    order: [week_number]
    columns:
      week_number: {type: UInt32, description: Weeks since the signup., of: user_retention.week_number}
      cohort_size: {type: UInt64, description: Users of the cohorts for which the week has come., of: user_retention.cohort_size}
      retained_users: {type: UInt64, description: Of them those active in that week., of: user_retention.retained_users}
      retention_rate: {type: Float64, description: Their share., of: user_retention.retention_rate}
  acquisition:
    shape: rows
    description: Registration forms opened and users who signed up, by role.
    order: [role]
    columns:
      role: {type: String, description: What they come to do., of: user_acquisition.role}
      signups_started: {type: UInt64, description: Forms opened., of: user_acquisition.signups_started}
      signups: {type: UInt64, description: New users., of: user_acquisition.signups}
      conversion_rate: {type: Nullable(Float64), description: New users per form opened; null without any., of: user_acquisition.conversion_rate}
  sources:
    shape: rows
    description: How and from where users signed up.
    order: [method, country]
    columns:
      method: {type: String, description: "How the account was opened, else empty.", of: signup_sources.method}
      country: {type: String, description: "Country, else empty.", of: signup_sources.country}
      signups: {type: UInt64, description: New users., of: signup_sources.signups}
  features:
    shape: rows
    description: Uses of the features of the product.
    order: [feature]
    columns:
      feature: {type: String, description: The feature., of: feature_adoption.feature}
      uses: {type: UInt64, description: Uses., of: feature_adoption.uses}
*/
-- part: users
select
    sum(daily_metrics.new_users) as total_users,
    sumIf(daily_metrics.new_users, date >= {startDate:Date}) as new_users,
    ifNotFinite(avgIf(active_users, date >= {startDate:Date}), 0) as active_users_avg,
    argMax(daily_metrics.wau, date) as wau,
    argMax(daily_metrics.mau, date) as mau
from daily_metrics
where date <= {endDate:Date};

-- part: comparison
-- uses: comparison
with counted as (
    select
        sumIf(daily_metrics.new_users, date >= {startDate:Date}) as new_users,
        sumIf(daily_metrics.new_users, date <= {previousEnd:Date}) as new_users_before,
        ifNotFinite(avgIf(active_users, date >= {startDate:Date}), 0) as active_users,
        ifNotFinite(avgIf(daily_metrics.active_users, date <= {previousEnd:Date}), 0) as active_users_before
    from daily_metrics
    where
        date between {startDate:Date} and {endDate:Date}
        or date between {previousStart:Date} and {previousEnd:Date}
)

select
    compared(counted.new_users, counted.new_users_before) as new_users,
    compared(counted.active_users, counted.active_users_before) as active_users_avg
from counted;

-- part: engagement
select
    sum(user_sessions.sessions) as sessions,
    sum(user_sessions.avg_session_seconds * user_sessions.sessions)
    / nullIf(sum(user_sessions.sessions), 0) as avg_session_seconds
from user_sessions
where date between {startDate:Date} and {endDate:Date};

-- part: retention
select
    week_number,
    sum(user_retention.cohort_size) as cohort_size,
    sum(user_retention.retained_users) as retained_users,
    sum(user_retention.retained_users) / sum(user_retention.cohort_size) as retention_rate
from user_retention
where cohort_week between toMonday({startDate:Date}) and {endDate:Date}
group by week_number
order by week_number;

-- part: acquisition
select
    role,
    sum(user_acquisition.signups_started) as signups_started,
    sum(user_acquisition.signups) as signups,
    sum(user_acquisition.signups) / nullIf(sum(user_acquisition.signups_started), 0) as conversion_rate
from user_acquisition
where date between {startDate:Date} and {endDate:Date}
group by role
order by role;

-- part: sources
select
    method,
    country,
    sum(signup_sources.signups) as signups
from signup_sources
where date between {startDate:Date} and {endDate:Date}
group by
    method,
    country
order by
    method,
    country;

-- part: features
select
    feature,
    sum(feature_adoption.uses) as uses
from feature_adoption
where date between {startDate:Date} and {endDate:Date}
group by feature
order by feature;
