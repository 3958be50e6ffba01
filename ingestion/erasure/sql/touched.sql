-- What the next build has to mend, told before anything is rewritten; whoever dies in between tells it again.
INSERT INTO build.rewritten (event_id, event_type, date)
SELECT event_id, event_type, toDate(occurred_at)
FROM {database:Identifier}.{table:Identifier}
WHERE received_seq GLOBAL IN (SELECT received_seq FROM raw.erasing)
    AND event_id GLOBAL NOT IN (SELECT event_id FROM build.rewritten)
