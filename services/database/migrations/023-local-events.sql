-- expand
-- What organizers enter themselves: who keeps it, and how often it has changed. What it says is a row of
-- event_sources like any other source's, of the source `local`, named by this number.
CREATE TABLE local_events (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  owner_id INT UNSIGNED NULL COMMENT 'users.id of the organizer who keeps it',
  venue_id INT UNSIGNED NULL COMMENT 'as the organizer chose it; null: named by hand, or not at all',
  version INT UNSIGNED NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_local_events PRIMARY KEY (id),
  KEY ix_local_events_owner (owner_id, id),
  CONSTRAINT fk_local_events_venue FOREIGN KEY (venue_id) REFERENCES venues (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

ALTER TABLE directory_audit
  DROP CONSTRAINT ck_directory_audit_subject,
  ADD CONSTRAINT ck_directory_audit_subject
  CHECK (subject IN ('dj', 'venue', 'event', 'match', 'source'));
