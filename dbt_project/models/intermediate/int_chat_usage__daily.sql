with messages as (
    select *
    from {{ ref('stg_chat_messages') }}
    where {{ restated('date') }}
),

priced as (
    {{ with_usd('messages', 'cost') }}
),

used as (
    select
        date,
        provider,
        model,
        count() as messages,
        uniqExact(conversation_id) as conversations,
        sum(tokens) as tokens,
        toDecimal64(coalesce(sum(cost_usd), 0), 4) as total_cost_usd,
        countIf(cost is not null and cost_usd is null) as unconverted_count,
        {{ quantiles([0.5, 0.95, 0.99], 'latency_ms') }} as latencies
    from priced
    group by
        date,
        provider,
        model
),

users as (
    select *
    from {{ ref('int_users__numbered') }}
    where user_id in (select messages.user_id from messages)
),

writers as (
    select distinct
        date,
        provider,
        model,
        user_id
    from messages
),

counted_users as (
    select
        writers.date as date,
        writers.provider as provider,
        writers.model as model,
        count() as user_count,
        groupBitmapState(users.user_number) as user_numbers
    from writers
    inner join users on writers.user_id = users.user_id
    group by
        writers.date,
        writers.provider,
        writers.model
),

joined as (
    select
        used.date as date,
        used.provider as provider,
        used.model as model,
        used.messages as messages,
        used.conversations as conversations,
        counted_users.user_count as users,
        counted_users.user_numbers as user_numbers,
        used.tokens as tokens,
        used.total_cost_usd as cost_usd,
        used.unconverted_count as unconverted_count,
        used.latencies as latencies
    from used
    inner join counted_users
        on
            used.date = counted_users.date
            and used.provider = counted_users.provider
            and used.model = counted_users.model
)

select * from joined
