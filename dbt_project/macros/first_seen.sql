{#-
    The first day on which an order of `cte` was seen with each product or vendor (`key`), if it was seen on several days
    or with several of them; any other order was seen on its only day first.
-#}
{% macro first_seen(cte, key) -%}
    select
        sightings.order_id as order_id,
        sightings.sighting.{{ key }} as {{ key }},
        min(sightings.sighting.date) as first_date
    from (
        select
            known.order_id as order_id,
            arrayJoin(known.sightings) as sighting
        from {{ folded('int_orders__folded') }} as known
        where known.order_id in (select reached.order_id from {{ cte }} as reached) and length(known.sightings) > 1
    ) as sightings
    group by
        sightings.order_id,
        sightings.sighting.{{ key }}
{%- endmacro %}
