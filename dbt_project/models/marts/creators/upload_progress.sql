with initiations as (
    select *
    from {{ ref('stg_uploads_initiated') }}
    where {{ restated('date') }}
),

known_uploads as (
    select *
    from {{ folded('int_uploads__folded') }}
    where upload_id in (select initiations.upload_id from initiations)
),

uploads as (
    select
        initiation.date as date,
        initiation.uploader_id as user_id,
        completion.id != '' as is_completed
    from known_uploads
    where initiation.id != ''
),

counted as (
    select
        date,
        user_id,
        count() as initiated,
        countIf(is_completed) as completed,
        countIf(not is_completed) as pending
    from uploads
    where {{ restated('date') }}
    group by
        date,
        user_id
)

select
    date,
    user_id,
    initiated,
    completed,
    pending
from counted
