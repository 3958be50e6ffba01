select
    event_id,
    count() as occurrences
from {{ ref('stg_events') }}
group by event_id
having count() > 1
