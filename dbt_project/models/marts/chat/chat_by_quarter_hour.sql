with messages as (
    select *
    from {{ ref('stg_chat_messages') }}
    where {{ restated('date') }}
),

priced as (
    {{ with_usd('messages', 'cost') }}
),

users as (
    select *
    from {{ ref('int_users__numbered') }}
    where user_id in (select messages.user_id from messages)
),

used as (
    select
        {{ quarter_at('priced.occurred_at') }} as quarter_at,
        priced.provider as provider,
        priced.model as model,
        count() as messages,
        sum(priced.tokens) as tokens,
        toDecimal64(coalesce(sum(priced.cost_usd), 0), 4) as total_cost_usd,
        countIf(priced.cost is not null and priced.cost_usd is null) as unconverted_count,
        arraySort(groupUniqArray(users.user_number)) as user_numbers
    from priced
    inner join users on priced.user_id = users.user_id
    group by
        quarter_at,
        provider,
        model
)

select
    quarter_at,
    provider,
    model,
    messages,
    length(user_numbers) as users,
    user_numbers,
    tokens,
    total_cost_usd as cost_usd,
    unconverted_count
from used
