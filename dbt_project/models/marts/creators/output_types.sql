with initiations as (
    select *
    from {{ ref('stg_uploads_initiated') }}
    where {{ restated('date') }}
),

creations as (
    select *
    from {{ ref('stg_assignments_created') }}
    where {{ restated('date') }}
),

completions as (
    select *
    from {{ ref('stg_assignments_completed') }}
    where {{ restated('date') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where
        assignment_id in (select creations.assignment_id from creations)
        or assignment_id in (select completions.assignment_id from completions)
),

assignments as (
    select
        creation.id != '' as is_created,
        creation.date as created_date,
        creation.uploader_id as uploader_id,
        completion.id != '' as is_completed,
        completion.date as completed_date,
        typing.output_type as output_type
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
        created_date as date,
        uploader_id as user_id,
        output_type,
        0 as requested,
        count() as created,
        0 as completed
    from assignments
    where is_created and {{ restated('created_date') }}
    group by
        created_date,
        uploader_id,
        output_type
    union all
    select
        completed_date as date,
        uploader_id as user_id,
        output_type,
        0 as requested,
        0 as created,
        count() as completed
    from assignments
    where is_completed and {{ restated('completed_date') }}
    group by
        completed_date,
        uploader_id,
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
