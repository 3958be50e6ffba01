with horizon as (
    select
        argMax(commit_seq, opened_at) as commit_seq,
        argMax(built_through, opened_at) as built_through
    from {{ source('control', 'horizon') }}
),

admitted_batches as (
    select
        batches.batch_seq as batch_seq,
        batches.commit_seq as commit_seq
    from {{ source('raw', 'batches') }} as batches
    where
        batches.commit_seq <= (select horizon.commit_seq from horizon)
        and batches.commit_seq > (select horizon.built_through from horizon)
),

resends as (
    select received_seq
    from {{ source('raw', 'duplicates') }}
    where batch_seq in (select admitted_batches.batch_seq from admitted_batches)
),

-- What a build that died has already added.
added as (
    {% if is_restating() %}
        select event_id
        from {{ this }}
        where {{ arrived() }}
    {% else %}
        select generateUUIDv4() as event_id
        where false
    {% endif %}
),

admitted as (
    select *
    from {{ source('raw', 'events') }}
    where
        batch_seq in (select admitted_batches.batch_seq from admitted_batches)
        and received_seq not in (select resends.received_seq from resends)
        and event_id not in (select added.event_id from added)
        -- Canaries show that the doors work; they are nobody's events.
        and not is_canary
),

renamed as (
    select
        admitted.event_id as event_id,
        admitted.user_id as user_id,
        admitted.session_id as session_id,

        admitted.event_type as event_type,
        admitted.source as source,

        admitted.occurred_at as occurred_at,
        toDate(admitted.occurred_at) as date,

        -- Caused by others than the user they regard, so no sign of the user being there.
        admitted.user_id != ''
        and not startsWith(admitted.event_type, 'account.')
        and admitted.event_type not in (
            'creator.level_changed', 'payout.processed', 'financial.recorded', 'assignment.reviewed',
            'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
        ) as is_activity,

        admitted.context as context,
        admitted.properties as properties,

        admitted_batches.commit_seq as commit_seq,
        admitted.batch_seq as batch_seq,
        admitted.received_seq as received_seq
    from admitted
    inner join admitted_batches on admitted.batch_seq = admitted_batches.batch_seq
)

select * from renamed
