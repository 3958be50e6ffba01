with publications as (
    select *
    from {{ source('published', 'publications') }}
    where action = 'publish'
),

renamed as (
    select
        generation,
        published_at,
        commit_seq
    from publications
)

select * from renamed
