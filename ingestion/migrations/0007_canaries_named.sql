-- What is a canary is said here and nowhere else: it is no event of anybody's, and counts for nothing.
ALTER TABLE raw.events ADD COLUMN IF NOT EXISTS is_canary Bool ALIAS startsWith(event_type, 'canary.');
