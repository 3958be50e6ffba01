{{ config(materialized='view') }}

with records as (
    select
        event_id,
        occurred_at,
        date,
        user_id,
        counterparty_id,
        transaction_id,
        job_id,
        job_type,
        category,
        currency,
        amount
    from {{ ref('stg_financial_records') }}
),

converted as (
    {{ with_usd('records') }}
)

select * from converted
