with completions as (
    select *
    from {{ ref('stg_assignments_completed') }}
    where {{ restated('date') }}
),

reviews as (
    select *
    from {{ ref('stg_assignment_reviews') }}
    where {{ restated('date') }}
),

submissions as (
    select *
    from {{ ref('stg_assignments_submitted') }}
    where {{ restated('date') }}
),

earnings as (
    select
        date,
        user_id,
        job_id as assignment_id,
        currency,
        amount
    from {{ ref('stg_financial_records') }}
    where category = 'Earnings' and job_id != '' and {{ restated('date') }}
),

reached as (
    select assignment_id
    from completions
    union all
    select assignment_id
    from reviews
    union all
    select assignment_id
    from submissions
    union all
    select assignment_id
    from earnings
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where is_assignment and assignment_id in (select reached.assignment_id from reached)
),

assignments as (
    select
        known.assignment_id as assignment_id,
        known.typing.output_type as output_type,
        known.completion.id != '' as is_completed,
        known.completion.date as completed_date,
        known.completion.creator_id as creator_id,
        known.completion.output_type as completed_output_type,
        known.creation.id != '' and known.creation.due_at is not null as with_deadline,
        coalesce(with_deadline and known.completion.at <= known.creation.due_at, false) as on_time
    from known_assignments as known
),

converted_earnings as (
    {{ with_usd('earnings') }}
),

finished as (
    select
        completed_date as date,
        creator_id,
        assignment_id,
        completed_output_type as output_type,
        with_deadline,
        on_time
    from assignments
    where is_completed and {{ restated('completed_date') }}
),

events as (
    select
        date,
        creator_id as user_id,
        assignment_id,
        output_type,
        true as is_completed,
        with_deadline,
        on_time,
        '' as decision,
        cast(null as Nullable(Decimal(18, 0))) as version,
        cast(null as Nullable(Decimal(18, 15))) as overall_score,
        cast(null as Nullable(Float64)) as hours_worked,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd
    from finished
    union all
    select
        date,
        creator_id as user_id,
        assignment_id,
        output_type,
        false as is_completed,
        false as with_deadline,
        false as on_time,
        decision,
        version,
        overall_score,
        cast(null as Nullable(Float64)) as hours_worked,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd
    from reviews
    union all
    select
        date,
        creator_id as user_id,
        assignment_id,
        output_type,
        false as is_completed,
        false as with_deadline,
        false as on_time,
        '' as decision,
        cast(null as Nullable(Decimal(18, 0))) as version,
        cast(null as Nullable(Decimal(18, 15))) as overall_score,
        hours_worked,
        cast(null as Nullable(Decimal(18, 4))) as amount_usd
    from submissions
    union all
    select
        date,
        user_id,
        assignment_id,
        '' as output_type,
        false as is_completed,
        false as with_deadline,
        false as on_time,
        '' as decision,
        cast(null as Nullable(Decimal(18, 0))) as version,
        cast(null as Nullable(Decimal(18, 15))) as overall_score,
        cast(null as Nullable(Float64)) as hours_worked,
        amount_usd
    from converted_earnings
),

characterised as (
    select
        events.date as date,
        events.user_id as user_id,
        if(events.output_type != '', events.output_type, assignments.output_type) as output_type,
        events.is_completed as is_completed,
        events.with_deadline as with_deadline,
        events.on_time as on_time,
        events.decision as decision,
        events.version as version,
        events.overall_score as overall_score,
        events.hours_worked as hours_worked,
        events.amount_usd as amount_usd
    from events
    -- Earnings for a job that is no assignment find none.
    inner join assignments on events.assignment_id = assignments.assignment_id
),

summed as (
    select
        date,
        user_id,
        output_type,
        countIf(is_completed) as completed,
        coalesce(sum(amount_usd), 0) as earnings_usd,
        coalesce(sum(overall_score), 0) as rating_sum,
        count(overall_score) as rating_count,
        countIf(with_deadline) as completed_with_deadline,
        countIf(on_time) as completed_on_time,
        countIf(decision = 'approved') as approved,
        countIf(decision = 'approved' and version = 1) as approved_first,
        -- Sorted before adding: floats added in another order would differ in the last bits.
        arraySum(arraySort(groupArrayIf(assumeNotNull(hours_worked), hours_worked is not null))) as all_hours
    from characterised
    group by
        date,
        user_id,
        output_type
)

select
    date,
    user_id,
    output_type,
    completed,
    toDecimal64(earnings_usd, 4) as earnings_usd,
    toDecimal128(rating_sum, 15) as rating_sum,
    rating_count,
    toFloat64(rating_sum) / nullIf(rating_count, 0) as average_rating,
    completed_on_time as on_time,
    completed_with_deadline as with_deadline,
    completed_on_time / nullIf(completed_with_deadline, 0) as on_time_rate,
    approved_first,
    approved,
    approved_first / nullIf(approved, 0) as first_approval_rate,
    all_hours as hours_worked,
    toFloat64(earnings_usd) / nullIf(all_hours, 0) as earnings_per_hour
from summed
