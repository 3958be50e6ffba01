{#- Milliseconds within which the next message continues a session. -#}
{%- set longest_gap = 30 * 60 * 1000 -%}

with messages as (
    select *
    from {{ ref('stg_chat_messages') }}
    where {{ restated('date') }}
),

sorted as (
    select
        date,
        user_id,
        arraySort(groupArray(toUnixTimestamp64Milli(occurred_at))) as instants
    from messages
    group by
        date,
        user_id
),

clustered as (
    select
        date,
        user_id,
        arrayJoin(
            arraySplit((instant, gap) -> gap > {{ longest_gap }}, instants, arrayDifference(instants))
        ) as cluster
    from sorted
),

bounded as (
    select
        date,
        user_id,
        cluster[1] as first_ms,
        cluster[-1] as last_ms,
        toUnixTimestamp(toDateTime(date, 'UTC')) * 1000 as day_ms
    from clustered
),

located as (
    select
        date,
        user_id,
        first_ms,
        last_ms,
        first_ms <= day_ms + {{ longest_gap }}
        or last_ms >= day_ms + 24 * 3600 * 1000 - {{ longest_gap }} as is_near_midnight
    from bounded
),

summed as (
    select
        date,
        countIf(not is_near_midnight) as whole_sessions,
        sumIf(last_ms - first_ms, not is_near_midnight) as whole_session_ms,
        arraySort(groupArrayIf(
            cast((user_id, first_ms, last_ms), 'Tuple(user_id String, first_ms Int64, last_ms Int64)'),
            is_near_midnight
        )) as near_midnight
    from located
    group by date
)

select * from summed
