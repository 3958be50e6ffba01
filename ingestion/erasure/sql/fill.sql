-- What stays of the events that name a person, on the pseudonym: as `land.sql` does with those that come later.
INSERT INTO raw.erasing
WITH
    value -> if(
        value = {person:String},
        {pseudonym:String},
        -- Twice, since two ids may share the character between them.
        replaceRegexpAll(replaceRegexpAll(value, {pattern:String}, {replacement:String}), {pattern:String}, {replacement:String})
    ) AS renamed,
    own_sessions AS
    (
        SELECT session_id
        FROM {database:Identifier}.{table:Identifier}
        WHERE session_id GLOBAL IN (
            SELECT session_id
            FROM {database:Identifier}.{table:Identifier}
            WHERE user_id = {person:String} AND session_id != ''
        )
        GROUP BY session_id
        -- One that others share tells nobody who it was; events of nobody belong to it, and go with it.
        HAVING countIf(user_id NOT IN ('', {person:String})) = 0
    )
SELECT
    received_seq,
    if(is_own, {pseudonym:String}, user) AS user_id,
    if(
        session IN own_sessions OR match(session, {pattern:String}),
        lower(hex(sipHash64Keyed(({erasure_key_0:UInt64}, {erasure_key_1:UInt64}), {pseudonym:String} || session))),
        session
    ) AS session_id,
    if(is_own, CAST(map(), 'Map(LowCardinality(String), String)'), mapApply((k, v) -> (k, renamed(v)), around)) AS context,
    mapApply(
        (k, v) -> (k, renamed(v)),
        mapFilter((k, v) -> NOT is_own OR (event_type || '.' || k) IN {outlasting_properties:Array(String)}, given)
    ) AS properties
FROM
(
    SELECT
        received_seq,
        event_type,
        user_id = {person:String} AS is_own,
        user_id AS user,
        session_id AS session,
        context AS around,
        properties AS given
    FROM {database:Identifier}.{table:Identifier}
    WHERE user_id = {person:String}
        OR session_id GLOBAL IN (SELECT session_id FROM own_sessions)
        OR match(session_id, {pattern:String})
        OR arrayExists(v -> match(v, {pattern:String}), mapValues(properties))
        OR arrayExists(v -> match(v, {pattern:String}), mapValues(context))
)
