{{ config(order_by='date') }}

select
    cast(occurred_at as date) as date,
    count(distinct user_id) as active_users,
    max(loaded_at) as loaded_at
from {{ source('arrived', 'events') }}
where
    user_id != ''
    -- Caused by others than the user they regard.
    and event_type not like 'account.%'
    and event_type not in (
        'creator.level_changed', 'payout.processed', 'financial.recorded', 'assignment.reviewed',
        'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
    )
    {% if is_incremental() %}
        and cast(occurred_at as date) in (
            select cast(occurred_at as date)
            from {{ source('arrived', 'events') }}
            where loaded_at > (select max(loaded_at) from {{ this }})
        )
    {% endif %}
group by cast(occurred_at as date)
