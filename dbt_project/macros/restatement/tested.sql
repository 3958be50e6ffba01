{#-
    Tests of a restated model look at the days that the build under way has mended: the others were tested when
    they were. In a full build, and when dbt runs tests by themselves (`dbt test`), they look at all. Builds run
    them compiled (`warehouse/data_tests.py`), so the statement itself tells a full build by its horizon.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set tested = graph.nodes.get(model.attached_node) if execute and model.attached_node else none -%}
    {%- if tested and tested.config.meta.tested_like -%}
        {#- A view has the days of the restated model that it feeds. -#}
        {%- set tested = graph.nodes['model.' ~ project_name ~ '.' ~ tested.config.meta.tested_like] -%}
    {%- endif -%}
    {%- set where = config.get('where', '') -%}
    {%- if tested and tested.config.materialized == 'restated' and tests_only_changes() -%}
        {%- set mended = changed_days(tested) -%}
        {%- set where = mended ~ (' and (' ~ where ~ ')' if where else '') -%}
    {%- endif -%}
    {%- if where -%}
        {{ return('(select * from ' ~ relation ~ ' where ' ~ where ~ ') as dbt_subquery') }}
    {%- else -%}
        {{ return(relation) }}
    {%- endif -%}
{%- endmacro %}

{% macro tests_only_changes() -%}
    {{ return(execute and flags.WHICH in ('build', 'compile')) }}
{%- endmacro %}

{% macro changed_days(node) -%}
    {%- set key = node.config.meta.restate.get('key', 'date') -%}
    ({{ built_through() }} = 0 or {{ key }} global in ({{ days_logged_by(node.name) }}))
{%- endmacro %}

{#-
    In a test of one's own: the days that this build has mended in a restated model; all of them otherwise. With
    `open`, only those that are not closed: for comparing with events.
-#}
{% macro mended(model_name, open=false) -%}
    {%- if open -%} date >= {{ closed_before() }} and {% endif -%}
    {%- if tests_only_changes() -%}
        {{ changed_days(graph.nodes['model.' ~ project_name ~ '.' ~ model_name]) }}
    {%- else -%}
        true
    {%- endif -%}
{%- endmacro %}
