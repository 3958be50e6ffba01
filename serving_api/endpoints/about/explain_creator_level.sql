/*
path: /explain/creator-level
summary: What is missing for a creator's next level
description: >-
  Where the creator stands, what the level above takes and what is missing for it. Levels are given by the marketplace: who has
  all that is required moves up when it says so. Also where he stood in the last generation of an earlier day that is kept.
source: "issue 5: explain; contract/marts.md: creator_levels"
marts: [creator_levels]
roles: [admin, analyst, creator]
shape: object
grain: A creator.
absent: No creator of this id.
parameters: [userId]
parts:
  standing:
    shape: fields
    columns:
      user_id: {type: String, description: The creator.}
      level: {type: String, description: His level.}
      since: {type: Date, description: UTC day since when.}
      next_level: {type: Nullable(String), description: The level above; null at the top and off the ladder.}
      tasks_completed: {type: UInt64, description: Assignments completed.}
      tasks_required: {type: Nullable(UInt32), description: Assignments the level above takes.}
      tasks_missing: {type: Nullable(UInt64), description: How many more that is., of: creator_levels.tasks_remaining}
      rating: {type: Nullable(Float64), description: "Mean review score, 1 to 5; null without any.", of: creator_levels.avg_rating}
      rating_count: {type: UInt64, description: Reviews with a score.}
      rating_required: {type: "Nullable(Decimal(4, 2))", description: Mean review score the level above takes.}
      rating_missing: {type: Nullable(Float64), description: "How much more that is; 0 when it is reached, all of it without a review."}
      best_reviews_missing: {type: Nullable(UInt64), description: "Reviews with a score of 5 that would lift the mean to it; null where none are enough."}
      is_ready: {type: Nullable(Bool), description: Whether nothing is missing for the level above.}
  earlier:
    description: The same in the last generation of an earlier day that is kept; null where there is none.
    shape: object
    columns:
      generation: {type: Nullable(UInt64), description: That generation.}
      level: {type: Nullable(String), description: The level in it.}
      tasks_added: {type: Nullable(Int64), description: Assignments completed since.}
      rating_change: {type: Nullable(Float64), description: Mean review score now less that of then.}
*/
-- part: standing
with standing as (
    select
        *,
        toFloat64(rating_required) as required
    from creator_levels
    where user_id = {userId:String}
)

select
    user_id,
    level,
    since,
    next_level,
    tasks_completed,
    tasks_required,
    tasks_remaining as tasks_missing,
    avg_rating as rating,
    rating_count,
    rating_required,
    if(required is null, null, round(greatest(0, required - coalesce(avg_rating, 0)), 6)) as rating_missing,
    multiIf(
        required is null, null,
        rating_missing = 0, toUInt64(0),
        required >= 5, null,
        -- Floats that should be whole are, before they are rounded up.
        toUInt64(greatest(1, ceil(round((required * rating_count - toFloat64(rating_sum)) / (5 - required), 9))))
    ) as best_reviews_missing,
    cast(if(required is null, null, tasks_missing = 0 and rating_missing = 0) as Nullable(Bool)) as is_ready
from standing;

-- part: earlier
with latest as (
    select
        toInt64(maxOrNull(tasks_completed)) as tasks_completed,
        maxOrNull(avg_rating) as avg_rating
    from creator_levels
    where user_id = {userId:String}
),

earlier as (
    select
        maxOrNull(level) as level,
        toInt64(maxOrNull(tasks_completed)) as tasks_completed,
        maxOrNull(avg_rating) as avg_rating
    from {earlier:Identifier}.creator_levels
    where user_id = {userId:String} and {earlierGeneration:Nullable(UInt64)} is not null
)

select
    {earlierGeneration:Nullable(UInt64)} as generation,
    earlier.level as level,
    latest.tasks_completed - earlier.tasks_completed as tasks_added,
    round(latest.avg_rating - earlier.avg_rating, 6) as rating_change
from latest
cross join earlier;
