with signups as (
    select *
    from {{ ref('int_users__signed_up') }}
),

workers as (
    select *
    from {{ folded('int_creators__folded') }}
),

creators as (
    select user_id as creator_id
    from signups
    where role = 'creator'
    union distinct
    select creator_id
    from workers
),

joined as (
    select
        creators.creator_id as creator_id,
        signups.user_id != '' as is_signed_up,
        signups.user_id != '' and signups.role = 'creator' as is_signed_up_creator,
        signups.signed_up_at as signed_up_at,
        signups.signup_date as signup_date,
        workers.creator_id != '' as is_worker,
        workers.first_work.at as first_work_at,
        workers.first_work.date as first_work_date
    from creators
    left join signups on creators.creator_id = signups.user_id
    left join workers on creators.creator_id = workers.creator_id
),

seen as (
    select
        creator_id,
        multiIf(
            not is_worker, signed_up_at,
            is_signed_up_creator, least(signed_up_at, first_work_at),
            first_work_at
        ) as first_seen_at,
        toDate(first_seen_at) as first_seen_date,
        if(is_signed_up, signup_date, first_work_date) as joined_date
    from joined
)

select
    creator_id,
    first_seen_at,
    first_seen_date,
    joined_date
from seen
