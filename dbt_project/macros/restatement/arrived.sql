{% macro is_restating() -%}
    {#- Whether the model being run adds to or mends its table; in full builds, tests and docs it does not. -#}
    {{ return(
        execute
        and flags.WHICH in ('run', 'build')
        and model.resource_type == 'model'
        and not should_full_refresh()
        and load_cached_relation(this) is not none
        and not is_refolding()
    ) }}
{%- endmacro %}

{% macro built_through() -%}
    {#- The last commit that the tables were complete with when the build began. -#}
    (
        select argMax(horizon.built_through, horizon.opened_at)
        from {{ source('control', 'horizon') }} as horizon
    )
{%- endmacro %}

{% macro is_refolding() -%}
    {#- Whether events that the folded model being run is made from have been rewritten: what it has folded is wrong. -#}
    {%- if not execute or model.config.materialized != 'folded' -%} {{ return(false) }} {%- endif -%}
    {%- set rewritten = var('rewritten', []) -%}
    {%- set from_all = ('model.' ~ project_name ~ '.stg_events') in model.depends_on.nodes
        and not model.config.meta.event_types -%}
    {%- set from_types = event_types_of(model.unique_id) | select('in', rewritten) | list -%}
    {{ return(rewritten and (from_all or from_types)) }}
{%- endmacro %}

{% macro arrived() -%}
    {#-
        Rows that came after the last publication; all rows in a full build, and where all are folded anew; while months
        are closed, theirs.
    -#}
    {%- if var('closing', none) -%} date < toDate('{{ var('closing') }}')
    {%- elif is_restating() -%} commit_seq > {{ built_through() }} {%- else -%} true {%- endif -%}
{%- endmacro %}

{% macro of_types(column='event_type') -%}
    {#- Events of the types that the model declares, in the one place where the reach looks, too. -#}
    {{ column }} in ('{{ model.config.meta.event_types | join("', '") }}')
{%- endmacro %}

{% macro log_arrivals() -%}
    {%- if is_restating() -%}
        insert into {{ source('control', 'evidence') }} (kind, input, date)
        select distinct
            'events',
            event_type,
            date
        from {{ this }}
        where commit_seq > {{ built_through() }}
    {%- endif -%}
{%- endmacro %}
