with reached as (
    select upload_id
    from {{ ref('stg_uploads_initiated') }}
    where {{ restated('date') }}
    union all
    select upload_id
    from {{ ref('stg_uploads_completed') }}
    where {{ restated('date') }}
),

known_uploads as (
    select *
    from {{ folded('int_uploads__folded') }}
    where upload_id in (select reached.upload_id from reached)
),

told as (
    select
        if(initiation.id != '', initiation.date, completion.date) as date,
        if(initiation.id != '', initiation.uploader_id, completion.uploader_id) as user_id,
        upload_id,
        if(initiation.id != '', initiation.at, completion.at) as started_at,
        if(completion.id != '', completion.at, null) as completed_at,
        if(completion.id != '', 'completed', 'pending') as status
    from known_uploads
)

select
    date,
    user_id,
    upload_id,
    started_at,
    completed_at,
    status
from told
where {{ restated('date') }}
