with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id,
        properties['upload_id'] as upload_id,

        occurred_at,
        date,

        arrayDistinct(JSONExtract(properties['output_types'], 'Array(String)')) as output_types,

        commit_seq
    from source
)

select * from renamed
