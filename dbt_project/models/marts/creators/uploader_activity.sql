with uploads as (
    select *
    from {{ ref('stg_uploads_completed') }}
    where {{ restated('date') }}
),

payments as (
    select *
    from {{ ref('stg_payments') }}
    where {{ restated('date') }}
),

reached as (
    select assignment_id
    from {{ ref('stg_assignments_created') }}
    where {{ restated('date') }}
    union all
    select assignment_id
    from {{ ref('stg_assignments_completed') }}
    where {{ restated('date') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where assignment_id in (select reached.assignment_id from reached)
),

-- Created, pending, completed, and the time it took, on the days of creation and completion.
steps as (
    select
        creation.uploader_id as user_id,
        greatest(0, dateDiff('millisecond', creation.at, completion.at)) as delivery_ms,
        arrayJoin(arrayConcat(
            [(creation.date, toUInt64(1), toUInt64(completion.id = ''), toUInt64(0), toInt64(0))],
            if(completion.id != '', [(completion.date, 0, 0, 1, delivery_ms)], [])
        )) as step
    from known_assignments
    where creation.id != ''
),

converted_payments as (
    {{ with_usd('payments') }}
),

uploaded as (
    select
        date,
        user_id,
        uniqExact(upload_id) as uploads
    from uploads
    group by
        date,
        user_id
),

paid as (
    select
        date,
        user_id,
        coalesce(sum(amount_usd), 0) as spent_usd
    from converted_payments
    group by
        date,
        user_id
),

worked as (
    select
        step.1 as date,
        user_id,
        sum(step.2) as assignments_created,
        sum(step.3) as pending,
        sum(step.4) as assignments_completed,
        sum(step.5) as delivery_ms
    from steps
    where {{ restated('step.1') }}
    group by
        date,
        user_id
),

parts as (
    select
        date,
        user_id,
        uploads,
        toDecimal64(0, 4) as spent_usd,
        0 as assignments_created,
        0 as assignments_completed,
        0 as delivery_ms,
        0 as pending
    from uploaded
    union all
    select
        date,
        user_id,
        0 as uploads,
        toDecimal64(spent_usd, 4) as spent_usd,
        0 as assignments_created,
        0 as assignments_completed,
        0 as delivery_ms,
        0 as pending
    from paid
    union all
    select
        date,
        user_id,
        0 as uploads,
        toDecimal64(0, 4) as spent_usd,
        assignments_created,
        assignments_completed,
        delivery_ms,
        pending
    from worked
),

summed as (
    select
        date,
        user_id,
        sum(uploads) as all_uploads,
        sum(spent_usd) as all_spent_usd,
        sum(assignments_created) as all_created,
        sum(assignments_completed) as all_completed,
        sum(delivery_ms) as all_delivery_ms,
        sum(pending) as all_pending
    from parts
    group by
        date,
        user_id
)

select
    date,
    user_id,
    toUInt64(all_uploads) as uploads,
    toDecimal64(all_spent_usd, 4) as spent_usd,
    toUInt64(all_created) as assignments_created,
    toUInt64(all_completed) as assignments_completed,
    all_delivery_ms / nullIf(all_completed, 0) / 3600000 as avg_delivery_hours,
    toUInt64(all_pending) as pending
from summed
