with events as (
    select *
    from {{ ref('int_feed__recent') }}
)

select
    occurred_at,
    event_id,
    event_type as type,
    {{ feed_sentence('event_type') }} as description,
    user_id,
    properties
from events
