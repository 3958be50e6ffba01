with initiations as (
    select *
    from {{ ref('stg_uploads_initiated') }}
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

steps as (
    select
        creation.uploader_id as user_id,
        typing.output_type as output_type,
        arrayJoin(arrayConcat(
            if(creation.id != '', [(creation.date, toUInt64(1), toUInt64(0))], []),
            if(completion.id != '', [(completion.date, 0, 1)], [])
        )) as step
    from known_assignments
),

wanted as (
    select
        date,
        user_id,
        upload_id,
        arrayJoin(output_types) as output_type
    from initiations
),

counted as (
    select
        date,
        user_id,
        output_type,
        uniqExact(upload_id) as requested,
        0 as created,
        0 as completed
    from wanted
    group by
        date,
        user_id,
        output_type
    union all
    select
        step.1 as date,
        user_id,
        output_type,
        0 as requested,
        sum(step.2) as created,
        sum(step.3) as completed
    from steps
    where {{ restated('step.1') }}
    group by
        date,
        user_id,
        output_type
),

summed as (
    select
        date,
        user_id,
        output_type,
        sum(requested) as all_requested,
        sum(created) as all_created,
        sum(completed) as all_completed
    from counted
    group by
        date,
        user_id,
        output_type
)

select
    date,
    user_id,
    output_type,
    toUInt64(all_requested) as requested,
    toUInt64(all_created) as created,
    toUInt64(all_completed) as completed
from summed
