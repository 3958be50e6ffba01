with usage as (
    select *
    from {{ ref('int_chat_usage__daily') }}
)

select
    date,
    provider,
    model,
    messages,
    conversations,
    users,
    tokens
from usage
