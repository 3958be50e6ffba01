-- The events of closed months are gone; of them there is what was made of them.
with completions as (
    select
        contract_id,
        date
    from {{ ref('stg_contracts_completed') }}
    union all
    select
        contract_id,
        tupleElement(completion, 'date') as date
    from {{ folded('int_contracts__folded') }}
    where
        tupleElement(completion, 'id') != ''
        and tupleElement(completion, 'date') < {{ closed_before() }}
),

expected as (
    select uniqExact(contract_id) as contracts
    from completions
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
