with changes as (
    select *
    from {{ ref('stg_level_changes') }}
    where {{ restated('date') }}
),

recorded as (
    select
        date,
        event_id,
        creator_id,
        occurred_at,
        from_level,
        to_level
    from changes
)

select * from recorded
