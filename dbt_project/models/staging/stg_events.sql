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

-- Of each closing the commit it was made at, and the first day it left open.
closings as (
    select groupArray((closings.commit_seq, closings.closed_before)) as made
    from {{ source('control', 'closings') }} as closings
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
        batch_seq global in (select admitted_batches.batch_seq from admitted_batches)
        and received_seq global not in (select resends.received_seq from resends)
        and event_id global not in (select added.event_id from added)
        -- Canaries show that the doors work; they are nobody's events.
        and not is_canary
),

numbered as (
    select
        admitted.*,
        admitted_batches.commit_seq as commit_seq
    from admitted
    inner join admitted_batches on admitted.batch_seq = admitted_batches.batch_seq
),

-- What comes for a day that is closed is booked when it comes.
booked as (
    select
        *,
        arrayExists(
            closing -> closing.1 < numbered.commit_seq and closing.2 > toDate(numbered.occurred_at),
            (select closings.made from closings)
        ) as is_adjustment,
        if(is_adjustment, numbered.received_at, numbered.occurred_at) as booked_at
    from numbered
),

-- What was there when its day was closed is in what the closing kept.
counting as (
    select *
    from booked
    where not arrayExists(
        closing -> closing.1 >= booked.commit_seq and closing.2 > toDate(booked.booked_at),
        (select closings.made from closings)
    )
),

renamed as (
    select
        counting.event_id as event_id,
        counting.user_id as user_id,
        counting.session_id as session_id,

        counting.event_type as event_type,
        counting.source as source,

        counting.booked_at as occurred_at,
        toDate(counting.booked_at) as date,
        if(counting.is_adjustment, toDate(counting.occurred_at), null) as closed_date,

        -- Caused by others than the user they regard, so no sign of the user being there.
        counting.user_id != ''
        and not startsWith(counting.event_type, 'account.')
        and counting.event_type not in (
            'creator.level_changed', 'payout.processed', 'financial.recorded', 'assignment.reviewed',
            'api.request', 'queue.sampled', 'storage.sampled', 'external.checked', 'audit.recorded'
        ) as is_activity,

        -- Rows are given to partitions and shards several times as fast as with keys of low cardinality.
        cast(counting.context, 'Map(String, String)') as context,
        cast(counting.properties, 'Map(String, String)') as properties,

        counting.commit_seq as commit_seq,
        counting.batch_seq as batch_seq,
        counting.received_seq as received_seq
    from counting
)

select * from renamed
