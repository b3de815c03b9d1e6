-- expand
-- What sources say of events, row by row, and what was made of it: an event is merged from the rows that
-- name it. Nothing of a source is lost by that, so each decision can be looked at and taken back.
ALTER TABLE events
  ADD COLUMN merged_into INT UNSIGNED NULL COMMENT 'the event that this one turned out to be',
  ADD COLUMN withdrawn_at DATETIME(3) NULL COMMENT 'since when no source has it any more',
  ADD COLUMN image_url VARCHAR(2048) NULL,
  ADD COLUMN digest CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of what was merged last; null: no source has it',
  ADD KEY ix_events_merged_into (merged_into);

CREATE TABLE event_places (
  event_id INT UNSIGNED NOT NULL,
  venue_name VARCHAR(160) NULL COMMENT 'as the source has it',
  position POINT NOT NULL /*!80003 SRID 0 */ COMMENT 'POINT(longitude latitude), WGS 84 degrees',
  CONSTRAINT pk_event_places PRIMARY KEY (event_id),
  SPATIAL KEY sp_event_places_position (position),
  CONSTRAINT fk_event_places_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

INSERT INTO event_places (event_id, venue_name, position)
  SELECT e.id, v.name, v.position FROM events e JOIN venues v ON v.id = e.venue_id;

CREATE TABLE artists (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  slug VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL COMMENT 'the name without case, marks of Latin letters and signs',
  name VARCHAR(160) NOT NULL,
  CONSTRAINT pk_artists PRIMARY KEY (id),
  UNIQUE KEY uq_artists_slug (slug),
  KEY ix_artists_name (name),
  CONSTRAINT ck_artists_slug CHECK (slug <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE event_artists (
  event_id INT UNSIGNED NOT NULL,
  artist_id INT UNSIGNED NOT NULL,
  position TINYINT UNSIGNED NOT NULL COMMENT '0 is the headliner',
  CONSTRAINT pk_event_artists PRIMARY KEY (event_id, artist_id),
  KEY ix_event_artists_artist_event (artist_id, event_id),
  CONSTRAINT fk_event_artists_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE,
  CONSTRAINT fk_event_artists_artist FOREIGN KEY (artist_id) REFERENCES artists (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A night begins at six in the morning: what is at half past midnight belongs to the evening before.
CREATE TABLE event_sources (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  source_id VARCHAR(255) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  event_id INT UNSIGNED NULL,
  scope VARCHAR(64) NOT NULL COMMENT 'what was asked when it came: a city, or all',
  city VARCHAR(64) NOT NULL,
  night DATE NOT NULL,
  former_night DATE NULL COMMENT 'before it was moved',
  starts_at DATETIME(3) NOT NULL COMMENT 'UTC',
  former_starts_at DATETIME(3) NULL COMMENT 'UTC',
  fields MEDIUMTEXT NOT NULL COMMENT 'JSON',
  digest CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of the fields',
  missed TINYINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'complete answers of the source without it, one after another',
  pending TINYINT UNSIGNED NOT NULL DEFAULT 1 COMMENT '1: not yet part of an event as it is now',
  first_seen_at DATETIME(3) NOT NULL,
  last_seen_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_event_sources PRIMARY KEY (id),
  UNIQUE KEY uq_event_sources_source_id (source, source_id),
  KEY ix_event_sources_event (event_id),
  KEY ix_event_sources_city_night (city, night),
  KEY ix_event_sources_city_former_night (city, former_night),
  KEY ix_event_sources_pending (pending, city, night),
  KEY ix_event_sources_scope_start (source, scope, starts_at),
  CONSTRAINT fk_event_sources_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE SET NULL,
  CONSTRAINT fk_event_sources_city FOREIGN KEY (city) REFERENCES cities (name) ON UPDATE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What an admin said of two rows, against what their scores say.
CREATE TABLE match_decisions (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  one_id INT UNSIGNED NOT NULL COMMENT 'event_sources.id, the smaller one',
  other_id INT UNSIGNED NOT NULL,
  reason VARCHAR(500) NOT NULL,
  decided_by INT UNSIGNED NOT NULL COMMENT 'users.id',
  decided_at DATETIME(3) NOT NULL,
  undone_by INT UNSIGNED NULL COMMENT 'users.id',
  undone_at DATETIME(3) NULL,
  CONSTRAINT pk_match_decisions PRIMARY KEY (id),
  KEY ix_match_decisions_one (one_id),
  KEY ix_match_decisions_other (other_id),
  CONSTRAINT fk_match_decisions_one FOREIGN KEY (one_id) REFERENCES event_sources (id) ON DELETE CASCADE,
  CONSTRAINT fk_match_decisions_other FOREIGN KEY (other_id) REFERENCES event_sources (id) ON DELETE CASCADE,
  CONSTRAINT ck_match_decisions_kind CHECK (kind IN ('together', 'apart')),
  CONSTRAINT ck_match_decisions_pair CHECK (one_id < other_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- When a source may be asked again, for each city; the row of the scope * is about the source as a whole.
CREATE TABLE source_states (
  source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope VARCHAR(64) NOT NULL,
  succeeded_at DATETIME(3) NULL,
  window_from DATETIME(3) NULL,
  window_to DATETIME(3) NULL,
  failures INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'one after another',
  due_at DATETIME(3) NULL COMMENT 'not asked before; null: at once',
  requested_at DATETIME(3) NULL COMMENT 'an admin wants it asked',
  error VARCHAR(500) NULL,
  CONSTRAINT pk_source_states PRIMARY KEY (source, scope)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE source_calls (
  source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  day DATE NOT NULL COMMENT 'UTC',
  calls INT UNSIGNED NOT NULL,
  CONSTRAINT pk_source_calls PRIMARY KEY (source, day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- One question to a source and what came of it.
CREATE TABLE ingestions (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  source VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  scope VARCHAR(64) NOT NULL,
  started_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NOT NULL,
  events INT UNSIGNED NOT NULL COMMENT 'rows that were good',
  changed INT UNSIGNED NOT NULL COMMENT 'of these, new ones or others than before',
  elsewhere INT UNSIGNED NOT NULL COMMENT 'rows of places that are not ours',
  bad INT UNSIGNED NOT NULL,
  bad_rows TEXT NULL COMMENT 'JSON: the first of them, with reasons',
  missing INT UNSIGNED NOT NULL COMMENT 'known ones that the source has no more',
  error VARCHAR(500) NULL,
  CONSTRAINT pk_ingestions PRIMARY KEY (id),
  KEY ix_ingestions_started_at (started_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
