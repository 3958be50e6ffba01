with usage as (
    select *
    from {{ ref('int_chat_usage__daily') }}
),

summed as (
    select
        provider,
        model,
        sum(messages) as total_messages,
        toUInt64(groupBitmapMerge(user_numbers)) as total_users,
        sum(tokens) as total_tokens
    from usage
    group by
        provider,
        model
)

select
    provider,
    model,
    total_messages as messages,
    total_users as users,
    total_tokens as tokens,
    total_messages / sum(total_messages) over () as share,
    row_number() over (order by total_messages desc, total_users desc, provider asc, model asc) as rank
from summed
