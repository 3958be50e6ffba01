-- Refused lines that name a person, by his id or by an e-mail address whose hash he signed up with.
INSERT INTO raw.erasing (received_seq)
SELECT received_seq
FROM raw.quarantine
WHERE match(original, {pattern:String})
    OR has([JSONExtractString(original, 'user_id'), JSONExtractString(original, 'userId')], {person:String})
    OR arrayExists(
        address -> lower(hex(HMAC('sha256', lower(address), {pii_key:String}))) IN {emails:Array(String)},
        extractAll(original, '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+')
    )
