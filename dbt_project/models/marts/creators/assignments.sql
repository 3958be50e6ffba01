with creations as (
    select *
    from {{ ref('stg_assignments_created') }}
    where {{ restated('date') }}
),

known_assignments as (
    select *
    from {{ folded('int_assignments__folded') }}
    where assignment_id in (select creations.assignment_id from creations)
),

told as (
    select
        creation.date as date,
        assignment_id,
        creation.upload_id as upload_id,
        creation.uploader_id as user_id,
        completion.creator_id as creator_id,
        typing.output_type as output_type,
        creation.at as created_at,
        creation.due_at as due_at,
        if(completion.id != '', completion.at, null) as completed_at,
        if(completion.id != '', 'completed', 'open') as status
    from known_assignments
    where creation.id != ''
)

select
    date,
    assignment_id,
    upload_id,
    user_id,
    creator_id,
    output_type,
    created_at,
    due_at,
    completed_at,
    status
from told
where {{ restated('date') }}
