select
    door,
    minute,
    lost,
    accepted_ms,
    stored_ms,
    published_ms,
    served_ms
from canary_latency
order by minute desc
limit 1 by door
