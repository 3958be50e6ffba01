with source as (
    select *
    from {{ ref('stg_events') }}
    where {{ of_types() }}
),

renamed as (
    select
        event_id,
        user_id as viewer_id,
        properties['product_id'] as product_id,
        properties['vendor_id'] as vendor_id,

        occurred_at,
        date,

        commit_seq
    from source
)

select * from renamed
