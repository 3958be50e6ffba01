with records as (
    select *
    from {{ ref('stg_audit_records') }}
    where {{ restated('date') }}
),

counted as (
    select
        date,
        count() as audited_actions,
        countIf(is_complete) as complete_actions
    from records
    group by date
)

select
    date,
    audited_actions,
    complete_actions,
    complete_actions / audited_actions as audit_completeness
from counted
