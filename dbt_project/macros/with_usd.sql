{% macro with_usd(cte, amount='amount') -%}
    {#-
        All columns of `cte` (which has `date`, `currency` and `amount`) plus `amount_usd`: converted at
        the rate of the day or the latest earlier one, null without a rate, rounded half away from zero
        to 4 digits per row so that sums over any partition of the rows agree exactly.
    -#}
    select
        {{ cte }}.*,
        cast(
            round(toDecimal128({{ cte }}.{{ amount }}, 4) * fx.usd_rate, 4) as Nullable(Decimal(18, 4))
        ) as {{ amount }}_usd
    from {{ cte }}
    asof left join {{ ref('int_fx__extended') }} as fx
        on {{ cte }}.currency = fx.rate_currency and {{ cte }}.date >= fx.valid_from
{%- endmacro %}
