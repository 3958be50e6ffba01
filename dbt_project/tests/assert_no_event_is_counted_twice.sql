-- An incremental build looks at what has arrived: the rest was looked at when it did.
select
    event_id,
    count() as occurrences
from {{ ref('stg_events') }}
where {% if tests_only_changes() %} commit_seq > {{ built_through() }} {% else %} true {% endif %}
group by event_id
having count() > 1
