with created as (
    select *
    from {{ ref('stg_conversations_created') }}
    where {{ restated('date') }}
),

deleted as (
    select *
    from {{ ref('stg_conversations_deleted') }}
    where {{ restated('date') }}
),

changes as (
    select
        date,
        conversation_id,
        false as is_deletion
    from created
    union all
    select
        date,
        conversation_id,
        true as is_deletion
    from deleted
)

select
    date,
    uniqExactIf(conversation_id, not is_deletion) as created,
    uniqExactIf(conversation_id, is_deletion) as deleted
from changes
group by date
