{#-
    How far a change of an input reaches, by the name a model gives it under `meta.restate.reach`: each is
    an expression over `date`, the day the input changed on, that gives the model's own days.
-#}
{% macro span(name) -%}
    {%- set spans = {
        'own_day': 'date',
        'own_week': 'toMonday(date)',
        'own_month': 'toStartOfMonth(date)',
        'following_29_days': 'arrayJoin(arrayMap(day -> date + day, range(30)))',
        'rest_of_week_and_year': 'arrayJoin(arrayMap(day -> date + day, range(toUInt32(greatest(toMonday(date) + 7, toStartOfYear(date) + interval 1 year) - date))))',
        'previous_and_own_day': 'arrayJoin([date - 1, date])',
        '7_days_before': 'date - least(7, toUInt16(date))',
        '90_days_before': 'date - least(90, toUInt16(date))',
    } -%}
    {%- if name not in spans -%}
        {%- do exceptions.raise_compiler_error(model.name ~ ': there is no reach named ' ~ name) -%}
    {%- endif -%}
    {{ return(spans[name]) }}
{%- endmacro %}

{#-
    What tells that an input has changed, as (kind, name) pairs: a table that logs its own changes, the event types of
    a staging model, and for other views whatever their inputs have.
-#}
{% macro evidence_of(unique_id) -%}
    {%- set node = graph.nodes[unique_id] -%}
    {%- if node.resource_type == 'seed' -%}
        {{ return([]) }}
    {%- elif node.config.materialized in ('restated', 'folded', 'compared') -%}
        {{ return([('model', node.name)]) }}
    {%- elif node.config.meta.event_types -%}
        {%- set found = [] -%}
        {%- for event_type in node.config.meta.event_types -%}
            {%- do found.append(('events', event_type)) -%}
        {%- endfor -%}
        {{ return(found) }}
    {%- elif node.config.materialized == 'view' -%}
        {%- set found = [] -%}
        {%- for parent in node.depends_on.nodes if parent in graph.nodes -%}
            {%- for pair in evidence_of(parent) if pair not in found -%}
                {%- do found.append(pair) -%}
            {%- endfor -%}
        {%- endfor -%}
        {{ return(found) }}
    {%- else -%}
        {%- do exceptions.raise_compiler_error(
            model.name ~ ' cannot tell what a change of ' ~ node.name ~ ' reaches: it is rebuilt as a whole'
        ) -%}
    {%- endif -%}
{%- endmacro %}

{#- The days this model has to mend, by its declared reach. `none` declares an input whose change moves no row. -#}
{% macro reach_sql() -%}
    {%- set parts = [] -%}
    {%- for input, name in model.config.meta.restate.reach.items() if name != 'none' -%}
        {%- if name == 'days_of_its_users' -%}
            {%- do parts.append(days_of_its_users(input)) -%}
        {%- elif input == 'stg_events' -%}
            {%- do parts.append(
                "select " ~ span(name) ~ " as day from " ~ source('control', 'evidence')
                ~ " where kind = 'events'" ~ (" and " ~ of_types('input') if model.config.meta.event_types else "")
            ) -%}
        {%- else -%}
            {%- set pairs = [] -%}
            {%- for pair in evidence_of('model.' ~ project_name ~ '.' ~ input) -%}
                {%- do pairs.append("('" ~ pair[0] ~ "', '" ~ pair[1] ~ "')") -%}
            {%- endfor -%}
            {%- if pairs -%}
                {%- do parts.append(
                    "select " ~ span(name) ~ " as day from " ~ source('control', 'evidence')
                    ~ " where (kind, input) in (" ~ pairs | join(', ') ~ ")"
                ) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endfor -%}
    select distinct day from ({{ parts | join(' union all ') if parts else 'select today() as day where false' }})
    {% if reads_events() %} where day >= {{ closed_before() }} {% endif %}
    order by day
{%- endmacro %}

{#- The event types that a model is made from, however far back. -#}
{% macro event_types_of(unique_id) -%}
    {%- set node = graph.nodes[unique_id] -%}
    {%- set found = node.config.meta.event_types | default([], true) | list -%}
    {%- for parent in node.depends_on.nodes if parent in graph.nodes -%}
        {%- for event_type in event_types_of(parent) if event_type not in found -%}
            {%- do found.append(event_type) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(found) }}
{%- endmacro %}

{#-
    The days on which users were active whose events of the input's types have arrived: all of them for a signup,
    which tells what the user has been all along, else those from the event on.
-#}
{% macro days_of_its_users(input) -%}
    {%- set own = model.config.meta.event_types -%}
    {%- set types = own if input == 'stg_events' else event_types_of('model.' ~ project_name ~ '.' ~ input) -%}
    select activity.date as day
    from {{ relation_of('int_activity__counted') }} as activity
    inner join (
        select
            users.user_number as user_number,
            min(if(events.event_type = 'user.signup', toDate(0), events.date)) as since
        from {{ relation_of('stg_events') }} as events
        global inner join {{ relation_of('int_users__numbered') }} as users on events.user_id = users.user_id
        where events.event_type in ('{{ types | join("', '") }}') and events.commit_seq > {{ built_through() }}
        group by users.user_number
    ) as touched on activity.user_number = touched.user_number
    where activity.date >= touched.since
{%- endmacro %}

{#- The days that a model has logged: in a restated one, those that this build mends. -#}
{% macro days_logged_by(name) -%}
    select evidence.date
    from {{ source('control', 'evidence') }} as evidence
    where evidence.kind = 'model' and evidence.input = '{{ name }}'
{%- endmacro %}

{#-
    In a restated model: rows of the days being mended (and of as many days before each); all in a full build, where
    shards make a day each those of the shard.
-#}
{% macro restated(column='date', before=0) -%}
    {%- if is_by_shards() -%}
        {{ 'true' if before else is_day_of_the_shard(column) }}
    {%- elif not is_restating() -%}
        true
    {%- elif before -%}
        {{ column }} global in (
            select arrayJoin(arrayMap(day -> evidence.date - day, range({{ before }} + 1)))
            from {{ source('control', 'evidence') }} as evidence
            where evidence.kind = 'model' and evidence.input = '{{ model.name }}'
        )
    {%- else -%}
        {{ column }} global in ({{ days_logged_by(model.name) }})
    {%- endif -%}
{%- endmacro %}

{#- A table that the machinery reads and the model depends on in any case, if only through others. -#}
{% macro relation_of(name) -%}
    {{ return(graph.nodes['model.' ~ project_name ~ '.' ~ name].relation_name) }}
{%- endmacro %}
