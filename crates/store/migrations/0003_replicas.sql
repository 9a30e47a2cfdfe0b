ALTER TABLE outbox ADD COLUMN taken_by TEXT;      -- the log whose server is writing it down
ALTER TABLE outbox ADD COLUMN taken_ms INTEGER;
ALTER TABLE request ADD COLUMN target TEXT;       -- the log whose server is asked; NULL: whichever runs
