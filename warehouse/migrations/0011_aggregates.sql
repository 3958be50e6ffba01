-- By mart the first day of which a generation has rows, where older ones have left (ADR 27).
ALTER TABLE marts.publications ADD COLUMN IF NOT EXISTS kept_from Map(String, Date);
