with events as (
    select *
    from {{ ref('stg_events') }}
    where is_activity and {{ arrived() }}
),

users as (
    select user_id
    from events
    {% if is_restating() -%}
        where events.user_id not in (select known.user_id from {{ this }} as known)
    {%- endif %}
    group by user_id
),

numbered as (
    select
        user_id,
        toUInt32(
            rowNumberInAllBlocks()
            {% if is_restating() -%} + (select count() from {{ this }}) {%- endif %}
        ) as user_number
    from users
)

select * from numbered
