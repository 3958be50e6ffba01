with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
    where {{ restated('date', before=29) }}
),

users as (
    select
        date,
        groupBitmapMergeState(user_numbers) as user_numbers
    from {{ ref('int_active_users__by_plan') }}
    where {{ restated('date', before=29) }}
    group by date
),

days as (
    select
        toDate(calendar.date) as date,
        toUInt32(calendar.date) as day_number,
        users.user_numbers as user_numbers
    from calendar
    left join users on calendar.date = users.date
),

rolling as (
    select
        date,
        toUInt64(groupBitmapMerge(user_numbers) over (
            order by day_number asc range between 6 preceding and current row
        )) as wau,
        toUInt64(groupBitmapMerge(user_numbers) over (
            order by day_number asc range between 29 preceding and current row
        )) as mau
    from days
)

select *
from rolling
where {{ restated('date') }}
