with admitted_batches as (
    select batch_seq
    from {{ source('raw', 'batches') }}
    where commit_seq <= (
        select argMax(horizon.commit_seq, horizon.opened_at)
        from {{ source('control', 'horizon') }} as horizon
    )
),

resends as (
    select
        event_id,
        received_seq
    from {{ source('raw', 'duplicates') }}
    where batch_seq in (select admitted_batches.batch_seq from admitted_batches)
),

admitted as (
    select *
    from {{ source('raw', 'events') }}
    where
        batch_seq in (select admitted_batches.batch_seq from admitted_batches)
        and (event_id, received_seq) not in (
            select
                resends.event_id,
                resends.received_seq
            from resends
        )
),

renamed as (
    select
        event_id,
        user_id,
        session_id,

        event_type,
        source,

        occurred_at,
        toDate(occurred_at) as date,

        -- Caused by others than the user they regard, so no sign of the user being there.
        user_id != ''
        and not startsWith(event_type, 'account.')
        and event_type not in (
            'creator.level_changed', 'payout.processed', 'financial.recorded', 'assignment.reviewed',
            'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
        ) as is_activity,

        context,
        properties,

        batch_seq,
        received_seq
    from admitted
)

select * from renamed
