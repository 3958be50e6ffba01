with closings as (
    select *
    from {{ source('control', 'closings') }}
),

renamed as (
    select
        closed_before,
        commit_seq,
        first_date,
        last_date,
        closed_at
    from closings
)

select * from renamed
