/*
path: /api/v1/admin/analytics/creator-levels
summary: Creator level statistics
description: How creators are spread over the levels, and how they move between them.
source: "creator-platform-epic-07-analytics-reporting.md: Creator Level Statistics"
roles: [admin, analyst]
marts: [creator_level_snapshots, creator_level_transitions]
shape: object
parameters:
  - name: startDate
    alias: start_date
    type: date
    description: First day, inclusive (UTC). By default 29 days before `end_date`.
  - name: endDate
    alias: end_date
    type: date
    description: Last day, inclusive (UTC). By default the day of `X-Complete-Through`.
parts:
  current:
    shape: rows
    description: The levels at the end of the last day.
    order: [level_id]
    columns:
      level_id: {type: String, description: The level., of: creator_level_snapshots.level}
      level_name: {type: String, description: Its name to be shown.}
      count: {type: UInt64, description: Creators on it., of: creator_level_snapshots.creator_count}
      avg_rating: {type: Nullable(Float64), description: "Mean score of all reviews they had got, 1 to 5; null without any."}
  trend:
    shape: rows
    description: Creators on each level at the end of each day.
    order: [date, level_id]
    columns:
      date: {type: Date, description: The day., of: creator_level_snapshots.snapshot_date}
      level_id: {type: String, description: The level., of: creator_level_snapshots.level}
      count: {type: UInt64, description: Creators on it., of: creator_level_snapshots.creator_count}
  transitions:
    shape: rows
    description: Moves between levels in the range.
    order: [from_level, to_level]
    columns:
      from_level: {type: String, description: Level left., of: creator_level_transitions.from_level}
      to_level: {type: String, description: Level reached., of: creator_level_transitions.to_level}
      count: {type: UInt64, description: Moves., of: creator_level_transitions.transitions}
  changes:
    shape: rows
    description: How fast each level is left.
    order: [level_id]
    columns:
      level_id: {type: String, description: The level., of: creator_level_transitions.from_level}
      moves: {type: UInt64, description: Moves that left it in the range., of: creator_level_transitions.transitions}
      change_rate: {type: Nullable(Float64), description: Moves per creator on the level before the first day; null without any.}
      avg_days_in_level: {type: Float64, description: Mean days that those who left had been on it., of: creator_level_transitions.avg_days_in_from_level}
*/
-- part: current
select
    level as level_id,
    initcap(level) as level_name,
    creator_count as count,
    creator_level_snapshots.avg_rating as avg_rating
from creator_level_snapshots
where
    snapshot_date = (
        select max(snapshot_date) from creator_level_snapshots
        where snapshot_date between {startDate:Date} and {endDate:Date}
    )
order by level_id;

-- part: trend
select
    snapshot_date as date,
    level as level_id,
    creator_count as count
from creator_level_snapshots
where snapshot_date between {startDate:Date} and {endDate:Date}
order by
    date,
    level_id;

-- part: transitions
select
    from_level,
    to_level,
    sum(creator_level_transitions.transitions) as count
from creator_level_transitions
where date between {startDate:Date} and {endDate:Date}
group by
    from_level,
    to_level
order by
    from_level,
    to_level;

-- part: changes
with left_levels as (
    select
        from_level as level_id,
        sum(transitions) as moves,
        sum(avg_days_in_from_level * transitions) / sum(transitions) as avg_days_in_level
    from creator_level_transitions
    where date between {startDate:Date} and {endDate:Date}
    group by level_id
),

before as (
    select
        level,
        creator_count
    from creator_level_snapshots
    where snapshot_date = {previousEnd:Date}
)

select
    left_levels.level_id as level_id,
    left_levels.moves as moves,
    left_levels.moves / nullIf(before.creator_count, 0) as change_rate,
    left_levels.avg_days_in_level as avg_days_in_level
from left_levels
left join before on left_levels.level_id = before.level
order by level_id;
