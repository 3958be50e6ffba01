-- One batch of NDJSON lines: parsed once, judged, and split by the two views on raw.landing.
-- Whatever depends on the event catalog is a bound parameter (parameters.py). An event has one
-- reason for being refused: the first branch of `reason` that holds. What only few events need sits
-- in one branch of an `if`, which ClickHouse evaluates for those events alone.
INSERT INTO raw.landing
WITH
    -- Who has been erased, by tag, and the pseudonym that stands for him (ADR 19). Without anybody, these cost nothing.
    (SELECT groupArray((tag, pseudonym)) FROM raw.erasures) AS erasures,
    id -> transform(
        sipHash64Keyed(({erasure_key_0:UInt64}, {erasure_key_1:UInt64}), id),
        arrayConcat([toUInt64(0)], erasures.1), arrayConcat([''], erasures.2), ''
    ) AS pseudonym_of,
    text -> arrayExists(word -> pseudonym_of(word) != '', extractAll(text, {word_pattern:String})) AS names_erased,
    -- A person's id is a whole value, or a part of a path, an address or a name like `user:7`.
    value -> multiIf(
        pseudonym_of(value) != '', pseudonym_of(value),
        match(value, '[/:=]') AND names_erased(value),
        arrayStringConcat(arrayMap(
            word -> if(pseudonym_of(word) != '', pseudonym_of(word), word),
            extractAll(value, {word_pattern:String} || '|' || {between_pattern:String})
        )),
        value
    ) AS renamed,
    -- Of the events of an erased person stays what the catalog says; in those of others only his id is replaced.
    (event_type, pseudonym, given) -> if(
        empty(erasures),
        given,
        mapApply(
            (k, v) -> (k, renamed(v)),
            mapFilter((k, v) -> pseudonym = '' OR (event_type || '.' || k) IN {outlasting_properties:Array(String)}, given)
        )
    ) AS outlasting,
    key -> lower(replaceRegexpAll(key, '([a-z0-9])([A-Z])', '\\1_\\2')) AS snake_case,
    key -> transform(snake_case(key), {property_aliases:Array(String)}, {aliased_properties:Array(String)}) AS canonical_key,
    address -> multiIf(
        isIPv4String(address), toString(IPv4CIDRToRange(toIPv4OrDefault(address), 24).1),
        isIPv6String(address), toString(IPv6CIDRToRange(toIPv6OrDefault(address), 48).1),
        ''
    ) AS network_of,
    -- A JSON number passes the parser as binary floating point; a long one is read again from the line itself.
    (line, value) -> coalesce(
        nullIf(arrayFirst(n -> toFloat64(n) = toFloat64OrZero(value), extractAll(line, '[0-9]{12,}(?:\\.[0-9]+)?')), ''),
        value
    ) AS exact_number,
    (line, event_type, key, value) -> multiIf(
        key = 'email', lower(hex(HMAC('sha256', lower(trimBoth(value)), {pii_key:String}))),
        key IN ('ip', 'ip_address'), network_of(value),
        (event_type || '.' || key) IN {not_stored:Array(String)}, '',
        length(value) > 11 AND toFloat64OrZero(value) >= 1e11, exact_number(line, value),
        value
    ) AS stored_value,
    -- Canonical keys, the canonical spelling winning; absent values dropped; personal data hashed, cut or left out.
    (line, event_type, given) -> mapFilter(
        (k, v) -> v != '',
        mapApply(
            (k, v) -> (if(canonical_key(k) = 'email', 'email_hmac', canonical_key(k)), stored_value(line, event_type, canonical_key(k), v)),
            mapFilter((k, v) -> v != '' AND (canonical_key(k) = k OR given[canonical_key(k)] = ''), given)
        )
    ) AS canonical_properties,
    (event_type, key, value) -> match(
        transform(event_type || '.' || key, {checked_properties:Array(String)}, {checks:Array(String)}, '-') || value,
        {check_pattern:String}
    ) AS is_valid_value,
    -- An object or list where text belongs arrives as its JSON text.
    text -> startsWith(text, '{') OR startsWith(text, '[') AS looks_nested,
    -- The JSON type of the first of these fields that is there and not null; '' when there is none.
    (line, fields) -> arrayFirst(t -> t != 'Null', arrayMap(f -> toString(JSONType(line, f)), fields)) AS type_of_first

SELECT
    toUUIDOrZero(id_text) AS event_id,
    canonical_type AS event_type,
    ifNull(instant, toDateTime64(0, 3, 'UTC')) AS occurred_at,
    if(pseudonym = '', user_text, pseudonym) AS user_id,
    if(
        pseudonym = '' OR session_text = '',
        session_text,
        lower(hex(sipHash64Keyed(({erasure_key_0:UInt64}, {erasure_key_1:UInt64}), pseudonym || session_text)))
    ) AS session_id,
    source_text AS source,
    if(pseudonym = '', outlasting('', '', sent_context), CAST(map(), 'Map(String, String)')) AS context,
    outlasting(canonical_type, pseudonym, sent_properties) AS properties,
    {batch_seq:UInt64} AS batch_seq,
    received_seq,
    {received_at:DateTime64(3, 'UTC')} AS received_at,
    if(
        length(line) <= {max_event_bytes:UInt64}
        AND is_braced
        AND match(id_text, {uuid_pattern:String})
        AND type_position > 0
        AND isNotNull(instant)
        AND assumeNotNull(instant) BETWEEN toDateTime64(0, 3, 'UTC') AND {received_at:DateTime64(3, 'UTC')} + INTERVAL 24 HOUR
        AND (user_text != '' OR NOT {user_required:Array(UInt8)}[type_position])
        -- Longer in bytes than allowed in characters, or looking like an object or list: left to the branch below.
        AND length(user_text) <= {user_id_limit:UInt16}
        AND length(session_text) <= {session_id_limit:UInt16}
        AND length(source_text) <= {source_limit:UInt16}
        AND NOT (looks_nested(user_text) OR looks_nested(session_text) OR looks_nested(source_text))
        AND (notEmpty(sent_properties) OR NOT match(line, '"(?:properties|data|metadata|event_data)"\\s*:\\s*[^{\\sn]'))
        AND (notEmpty(sent_context) OR NOT match(line, '"context"\\s*:\\s*[^{\\sn]'))
        AND hasAll(mapKeys(sent_properties), {required_properties:Array(Array(String))}[type_position])
        AND NOT arrayExists((k, v) -> NOT is_valid_value(canonical_type, k, v), mapKeys(sent_properties), mapValues(sent_properties)),
        '',
        multiIf(
            length(line) > {max_event_bytes:UInt64}, 'too_large',
            (id_text = '' OR NOT is_braced) AND NOT isValidJSON(line), 'invalid_json',
            NOT is_braced, 'not_an_object',
            id_text = '', 'missing_field:event_id',
            NOT match(id_text, {uuid_pattern:String}), 'invalid_field:event_id',
            type_text = '', 'missing_field:event_type',
            type_position = 0, 'unknown_event_type',
            occurred_text = '', 'missing_field:occurred_at',
            occurred_year > '2199' AND match(occurred_text, {instant_pattern:String}), 'occurred_in_future',
            isNull(instant) OR assumeNotNull(instant) < toDateTime64(0, 3, 'UTC'), 'invalid_field:occurred_at',
            assumeNotNull(instant) > {received_at:DateTime64(3, 'UTC')} + INTERVAL 24 HOUR, 'occurred_in_future',
            user_text = '' AND {user_required:Array(UInt8)}[type_position], 'missing_field:user_id',
            lengthUTF8(user_text) > {user_id_limit:UInt16} OR looks_nested(user_text), 'invalid_field:user_id',
            lengthUTF8(session_text) > {session_id_limit:UInt16} OR looks_nested(session_text), 'invalid_field:session_id',
            lengthUTF8(source_text) > {source_limit:UInt16} OR looks_nested(source_text), 'invalid_field:source',
            empty(sent_properties) AND type_of_first(line, ['properties', 'data', 'metadata', 'event_data']) NOT IN ('Object', ''), 'invalid_field:properties',
            empty(sent_context) AND type_of_first(line, ['context']) NOT IN ('Object', ''), 'invalid_field:context',
            NOT hasAll(mapKeys(sent_properties), {required_properties:Array(Array(String))}[type_position]),
            'missing_field:' || arrayFirst(k -> NOT mapContains(sent_properties, k), {required_properties:Array(Array(String))}[type_position]),
            arrayExists((k, v) -> NOT is_valid_value(canonical_type, k, v), mapKeys(sent_properties), mapValues(sent_properties)),
            'invalid_field:' || arrayFirst(
                k -> mapContains(sent_properties, k) AND NOT is_valid_value(canonical_type, k, sent_properties[k]),
                {known_properties:Array(Array(String))}[type_position]
            ),
            ''
        )
    ) AS reason,
    if(reason = '' OR (notEmpty(erasures) AND names_erased(line)), '', line) AS original
FROM
(
    SELECT
        line,
        received_seq,
        if(e.event_id != '', e.event_id, e.id) AS id_text,
        if(e.event_type != '', e.event_type, e.type) AS type_text,
        multiIf(e.occurred_at != '', e.occurred_at, e.timestamp != '', e.timestamp, e.created_at) AS occurred_text,
        if(e.user_id != '', e.user_id, e.userId) AS user_text,
        if(empty(erasures), '', pseudonym_of(user_text)) AS pseudonym,
        e.session_id AS session_text,
        if(e.source != '', e.source, {source:String}) AS source_text,
        transform(type_text, {type_names:Array(String)}, range(1, length({type_names:Array(String)}) + 1), 0) AS type_position,
        transform(type_text, {type_names:Array(String)}, {canonical_types:Array(String)}, '') AS canonical_type,
        match(line, '^\\x{FEFF}?\\s*\\{') AS is_braced,
        substring(occurred_text, 1, 4) AS occurred_year,
        -- DateTime64 ends in 2299 and Date begins in 1970; an offset may reach back into 1969.
        if(
            match(occurred_text, {instant_pattern:String}) AND occurred_year BETWEEN '1969' AND '2199',
            parseDateTime64BestEffortOrNull(upper(occurred_text), 3, 'UTC'),
            NULL
        ) AS instant,
        if(
            mapContains(e.context, 'ip') OR has(mapValues(e.context), ''),
            mapFilter((k, v) -> v != '', mapApply((k, v) -> (k, if(k = 'ip', network_of(v), v)), e.context)),
            e.context
        ) AS sent_context,
        multiIf(notEmpty(e.properties), e.properties, notEmpty(e.data), e.data, notEmpty(e.metadata), e.metadata, e.event_data) AS given,
        if(
            arrayExists(
                (k, v) -> v = '' OR k IN {rewritten_properties:Array(String)} OR k != lower(k) OR (length(v) > 11 AND toFloat64OrZero(v) >= 1e11),
                mapKeys(given), mapValues(given)
            ),
            mapFilter(
                (k, v) -> v != '',
                mapApply(
                    (k, v) -> (if(k = 'email', 'email_hmac', k), stored_value(line, canonical_type, k, v)),
                    -- The canonical spelling of a key wins over its others.
                    mapApply((k, v) -> (canonical_key(k), if(canonical_key(k) = k OR given[canonical_key(k)] = '', v, '')), given)
                )
            ),
            given
        ) AS sent_properties
    FROM
    (
        SELECT
            line,
            generateSnowflakeID() AS received_seq,
            JSONExtract(
                line,
                'Tuple(event_id String, id String, event_type String, type String, occurred_at String, timestamp String, created_at String,
                       user_id String, userId String, session_id String, source String,
                       context Map(String, String), properties Map(String, String), data Map(String, String),
                       metadata Map(String, String), event_data Map(String, String))'
            ) AS e
        FROM input('line String')
        WHERE line != ''
    )
)
-- Not "has a character that is not blank": bytes that are no UTF-8 are no characters.
WHERE id_text != '' OR NOT match(line, '^[ \\t\\r\\f]*$')
FORMAT LineAsString
