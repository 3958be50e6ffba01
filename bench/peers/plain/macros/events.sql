{% macro once(types) -%}
    {#- Each event of these types once; in an incremental run, those of the days that something new has come for. -#}
    select *
    from {{ source('arrived', 'events') }}
    where
        event_type in ('{{ types | join("', '") }}')
        {% if is_incremental() %}
            and cast(occurred_at as date) in (
                select cast(occurred_at as date)
                from {{ source('arrived', 'events') }}
                where loaded_at > (select max(loaded_at) from {{ this }})
            )
        {% endif %}
    {% if target.type == 'clickhouse' %}
        order by loaded_at limit 1 by event_id
    {% else %}
        qualify row_number() over (partition by event_id order by loaded_at) = 1
    {% endif %}
{%- endmacro %}

{% macro said(name) -%}
    {% if target.type == 'clickhouse' %}properties['{{ name }}']{% else %}coalesce(properties['{{ name }}'], ''){% endif %}
{%- endmacro %}

{% macro amount(name) -%}
    {% if target.type == 'clickhouse' %}toDecimal64OrNull(properties['{{ name }}'], 4)
    {% else %}try_cast(properties['{{ name }}'] as decimal(18, 4)){% endif %}
{%- endmacro %}

{% macro in_dollars(amount, rate) -%}
    {% if target.type == 'clickhouse' %}round(toDecimal128({{ amount }}, 4) * {{ rate }}, 4)
    {% else %}round({{ amount }} * cast({{ rate }} as decimal(18, 8)), 4){% endif %}
{%- endmacro %}

{% macro rates() -%}
    select
        cast(currency as {{ 'String' if target.type == 'clickhouse' else 'varchar' }}) as rate_currency,
        cast(date as date) as valid_from,
        cast(usd_rate as decimal(18, 8)) as usd_rate
    from {{ ref('fx_rates') }}
    where currency != 'USD'
    union all
    select
        'USD' as rate_currency,
        cast('1970-01-01' as date) as valid_from,
        cast(1 as decimal(18, 8)) as usd_rate
{%- endmacro %}
