with events as (
    select *
    from {{ ref('stg_events') }}
    where is_activity
),

users as (
    select user_id
    from events
    group by user_id
),

numbered as (
    select
        user_id,
        toUInt32(rowNumberInAllBlocks()) as user_number
    from users
)

select * from numbered
