{{ config(materialized='view') }}

with completions as (
    select *
    from {{ ref('stg_contracts_completed') }}
    order by {{ event_order() }} desc
    limit 1 by contract_id
),

starts as (
    select *
    from {{ ref('stg_contracts_started') }}
    where value is not null
    order by {{ event_order() }} desc
    limit 1 by contract_id
),

feedback as (
    select *
    from {{ ref('stg_feedback') }}
    order by {{ event_order() }} desc
    limit 1 by contract_id
),

valued_completions as (
    {{ with_usd('completions', 'value') }}
),

valued_starts as (
    {{ with_usd('starts', 'value') }}
),

joined as (
    select
        valued_completions.contract_id as contract_id,
        valued_completions.freelancer_id as freelancer_id,
        valued_completions.client_id as client_id,
        valued_completions.date as completed_date,
        valued_completions.outcome as outcome,
        coalesce(
            if(valued_completions.value is null, valued_starts.value_usd, valued_completions.value_usd),
            toDecimal64(0, 4)
        ) as value_usd,
        feedback.score as feedback_score
    from valued_completions
    left join valued_starts on valued_completions.contract_id = valued_starts.contract_id
    left join feedback on valued_completions.contract_id = feedback.contract_id
)

select * from joined
