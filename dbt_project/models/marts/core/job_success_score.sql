with in_window as (
    select *
    from {{ ref('job_success_contracts') }}
),

clients as (
    select
        freelancer_id,
        client_id,
        countIf(outcome = 'success') as successes
    from in_window
    group by
        freelancer_id,
        client_id
),

client_counts as (
    select
        freelancer_id,
        count() as clients,
        countIf(successes >= 2) as long_term_clients
    from clients
    group by freelancer_id
),

scored as (
    select
        freelancer_id,
        any(as_of) as as_of,
        count() as contracts_completed,
        countIf(outcome = 'success') as contracts_successful,
        avg(feedback_score) as avg_feedback_score,
        sum(value_usd) as contract_value_usd,
        -- Sorted before adding: floats added in another order would differ in the last bits.
        100 * arraySum(arraySort(groupArray(weight * outcome_factor * feedback_factor)))
        / arraySum(arraySort(groupArray(weight))) as base
    from in_window
    group by freelancer_id
),

joined as (
    select
        scored.freelancer_id as freelancer_id,
        scored.as_of as as_of,
        round(
            least(100, 0.9 * scored.base + 10 * client_counts.long_term_clients / client_counts.clients), 2
        ) as jss,
        scored.contracts_completed as contracts_completed,
        scored.contracts_successful as contracts_successful,
        scored.avg_feedback_score as avg_feedback_score,
        toDecimal64(scored.contract_value_usd, 4) as contract_value_usd,
        client_counts.clients as clients,
        client_counts.long_term_clients as long_term_clients
    from scored
    inner join client_counts on scored.freelancer_id = client_counts.freelancer_id
)

select
    freelancer_id,
    as_of,
    jss,
    contracts_completed,
    contracts_successful,
    avg_feedback_score,
    contract_value_usd,
    clients,
    long_term_clients
from joined
