with calendar as (
    select *
    from {{ ref('int_calendar__filled') }}
),

contracts as (
    select *
    from {{ ref('int_contracts__completed') }}
),

horizon as (
    select max(date) as as_of
    from calendar
),

in_window as (
    select
        contracts.freelancer_id as freelancer_id,
        contracts.contract_id as contract_id,
        contracts.client_id as client_id,
        horizon.as_of as as_of,
        contracts.completed_date as completed_date,
        contracts.outcome as outcome,
        contracts.value_usd as value_usd,
        contracts.feedback_score as feedback_score,
        least(10, greatest(1, log(1 + toFloat64(contracts.value_usd)))) as weight,
        transform(
            contracts.outcome, ['success', 'cancelled', 'disputed'], [1.0, 0.5, 0.0], 0.0
        ) as outcome_factor,
        coalesce((toFloat64(contracts.feedback_score) - 1) / 4, 0.75) as feedback_factor
    from contracts
    cross join horizon
    where contracts.completed_date between horizon.as_of - 729 and horizon.as_of
)

select
    freelancer_id,
    contract_id,
    client_id,
    as_of,
    completed_date,
    outcome,
    toDecimal64(value_usd, 4) as value_usd,
    feedback_score,
    weight,
    outcome_factor,
    feedback_factor
from in_window
