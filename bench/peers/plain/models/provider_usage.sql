{{ config(order_by='(date, provider, model)') }}

with events as (
    {{ once(['chat.message_sent']) }}
),

messages as (
    select
        cast(occurred_at as date) as date,
        {{ said('provider') }} as provider,
        {{ said('model') }} as model,
        user_id,
        {% if target.type == 'clickhouse' %}toUInt64OrZero(properties['tokens'])
        {% else %}coalesce(try_cast(properties['tokens'] as bigint), 0){% endif %} as tokens,
        case when {{ said('currency') }} = '' then 'USD' else {{ said('currency') }} end as currency,
        {{ amount('cost') }} as cost,
        loaded_at
    from events
),

rates as (
    {{ rates() }}
),

priced as (
    select
        messages.*,
        {{ in_dollars('messages.cost', 'rates.usd_rate') }} as cost_usd
    from messages
    asof left join rates
        on messages.currency = rates.rate_currency and messages.date >= rates.valid_from
)

select
    date,
    provider,
    model,
    count(*) as messages,
    count(distinct user_id) as users,
    sum(tokens) as tokens,
    coalesce(sum(cost_usd), 0) as cost_usd,
    max(loaded_at) as loaded_at
from priced
group by
    date,
    provider,
    model
