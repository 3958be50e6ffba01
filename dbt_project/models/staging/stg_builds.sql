with builds as (
    select *
    from {{ source('control', 'horizon') }}
),

renamed as (
    select
        opened_at,
        commit_seq
    from builds
)

select * from renamed
