with creators as (
    select *
    from {{ ref('int_creators__seen') }}
),

changes as (
    select *
    from {{ ref('int_level_changes__linked') }}
),

levels as (
    select *
    from {{ ref('int_levels__ranked') }}
),

performance as (
    select *
    from {{ ref('creator_performance') }}
),

accounts as (
    select *
    from {{ ref('account_balances') }}
),

lowest as (
    select min(level) as level
    from levels
    where is_lowest
),

last_changes as (
    select
        creator_id,
        argMax((date, to_level), {{ event_order() }}) as last_change
    from changes
    group by creator_id
),

totals as (
    select
        user_id,
        sum(completed) as tasks_completed,
        sum(rating_sum) as all_rating_sum,
        sum(rating_count) as all_rating_count,
        sum(on_time) as all_on_time,
        sum(with_deadline) as all_with_deadline,
        sum(approved_first) as all_approved_first,
        sum(approved) as all_approved
    from performance
    group by user_id
),

placed as (
    select
        creators.creator_id as user_id,
        if(last_changes.creator_id != '', last_changes.last_change.2, lowest.level) as level,
        if(last_changes.creator_id != '', last_changes.last_change.1, creators.joined_date) as since
    from creators
    left join last_changes on creators.creator_id = last_changes.creator_id
    cross join lowest
),

joined as (
    select
        placed.user_id as user_id,
        placed.level as level,
        placed.since as since,
        totals.tasks_completed as tasks_completed,
        totals.all_rating_sum as rating_sum,
        totals.all_rating_count as rating_count,
        levels.next_level as next_level,
        levels.next_tasks_required as tasks_required,
        levels.next_rating_required as rating_required,
        totals.all_on_time as on_time,
        totals.all_with_deadline as with_deadline,
        totals.all_approved_first as approved_first,
        totals.all_approved as approved,
        accounts.available_usd as available_balance_usd
    from placed
    left join totals on placed.user_id = totals.user_id
    left join levels on placed.level = levels.level
    left join accounts on placed.user_id = accounts.user_id
)

select
    user_id,
    level,
    since,
    tasks_completed,
    toDecimal128(rating_sum, 15) as rating_sum,
    rating_count,
    toFloat64(rating_sum) / nullIf(rating_count, 0) as avg_rating,
    next_level,
    tasks_required,
    rating_required,
    if(
        tasks_required is null, null,
        toNullable(toUInt64(greatest(0, toInt64(assumeNotNull(tasks_required)) - toInt64(tasks_completed))))
    ) as tasks_remaining,
    on_time,
    with_deadline,
    on_time / nullIf(with_deadline, 0) as on_time_rate,
    approved_first,
    approved,
    approved_first / nullIf(approved, 0) as first_approval_rate,
    toDecimal64(available_balance_usd, 4) as available_balance_usd
from joined
