with expected as (
    select uniqExact(contract_id) as contracts
    from {{ ref('stg_contracts_completed') }}
    where
        date >= (select max(calendar.date) - 729 from {{ ref('int_calendar__filled') }} as calendar)
),

scored as (
    select sum(contracts_completed) as contracts
    from {{ ref('job_success_score') }}
)

select
    expected.contracts as completed_contracts,
    scored.contracts as scored_contracts
from expected
cross join scored
where expected.contracts != scored.contracts
