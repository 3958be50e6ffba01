{{ config(materialized='view') }}

with contracts as (
    select *
    from {{ folded('int_contracts__folded') }}
),

completions as (
    select
        contract_id,
        completion.freelancer_id as freelancer_id,
        completion.client_id as client_id,
        completion.date as date,
        completion.outcome as outcome,
        completion.currency as currency,
        completion.value as value,
        start.date as start_date,
        start.currency as start_currency,
        start.value as start_value,
        if(feedback.id = '', null, feedback.score) as feedback_score
    from contracts
    where completion.id != ''
),

starts as (
    select
        contract_id,
        start_date as date,
        start_currency as currency,
        start_value as value
    from completions
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
        valued_completions.feedback_score as feedback_score
    from valued_completions
    left join valued_starts on valued_completions.contract_id = valued_starts.contract_id
)

select * from joined
