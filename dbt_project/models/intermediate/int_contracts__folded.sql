with completions as (
    select *
    from {{ ref('stg_contracts_completed') }}
    where {{ arrived() }}
),

starts as (
    select *
    from {{ ref('stg_contracts_started') }}
    where value is not null and {{ arrived() }}
),

feedback as (
    select *
    from {{ ref('stg_feedback') }}
    where {{ arrived() }}
),

events as (
    select
        'completed' as kind,
        event_id,
        occurred_at,
        date,
        contract_id,
        freelancer_id,
        client_id,
        outcome,
        currency,
        value,
        cast(null as Nullable(Decimal(18, 15))) as score
    from completions
    union all
    select
        'started' as kind,
        event_id,
        occurred_at,
        date,
        contract_id,
        '' as freelancer_id,
        '' as client_id,
        '' as outcome,
        currency,
        value,
        cast(null as Nullable(Decimal(18, 15))) as score
    from starts
    union all
    select
        'feedback' as kind,
        event_id,
        occurred_at,
        date,
        contract_id,
        '' as freelancer_id,
        '' as client_id,
        '' as outcome,
        '' as currency,
        cast(null as Nullable(Decimal(18, 4))) as value,
        score
    from feedback
),

folded as (
    select
        contract_id,
        {{
            last_if("kind = 'completed'", 'date, freelancer_id, client_id, outcome, currency, value')
        }} as completion,
        {{ last_if("kind = 'started'", 'date, currency, value') }} as start,
        {{ last_if("kind = 'feedback'", 'score') }} as feedback
    from events
    group by contract_id
)

select
    contract_id,
    completion,
    start,
    feedback
from folded
