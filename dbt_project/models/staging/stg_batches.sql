with horizon as (
    select argMax(commit_seq, opened_at) as commit_seq
    from {{ source('control', 'horizon') }}
),

admitted as (
    select *
    from {{ source('raw', 'batches') }}
    where commit_seq <= (select horizon.commit_seq from horizon)
),

renamed as (
    select
        commit_seq,
        batch_seq,
        source,

        started_at as received_at,
        landed_at,

        received,
        stored,
        duplicates,
        quarantined
    from admitted
)

select * from renamed
