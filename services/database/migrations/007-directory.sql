-- expand
-- Who keeps an entry, and how often it has changed: what `If-Match` is compared with. An owner's number
-- stays when the account goes, since it says who did something; numbers are never used twice.
ALTER TABLE venues
  ADD COLUMN owner_id INT UNSIGNED NULL COMMENT 'users.id of the organizer who keeps it; null: all of them',
  ADD COLUMN version INT UNSIGNED NOT NULL DEFAULT 1,
  ADD KEY ix_venues_capacity_name_id (capacity, name, id);

ALTER TABLE djs
  ADD COLUMN owner_id INT UNSIGNED NULL COMMENT 'users.id of the organizer who keeps it; null: all of them',
  ADD COLUMN version INT UNSIGNED NOT NULL DEFAULT 1,
  ADD KEY ix_djs_currency_fee_name_id (currency, fee_minor, name, id);

-- How to reach people, apart from what anybody may read.
CREATE TABLE venue_contacts (
  venue_id INT UNSIGNED NOT NULL,
  email VARCHAR(254) NULL,
  phone VARCHAR(32) NULL,
  instagram VARCHAR(32) NULL,
  website VARCHAR(500) NULL,
  note VARCHAR(500) NULL,
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_venue_contacts PRIMARY KEY (venue_id),
  CONSTRAINT fk_venue_contacts_venue FOREIGN KEY (venue_id) REFERENCES venues (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE dj_contacts (
  dj_id INT UNSIGNED NOT NULL,
  email VARCHAR(254) NULL,
  phone VARCHAR(32) NULL,
  instagram VARCHAR(32) NULL,
  website VARCHAR(500) NULL,
  note VARCHAR(500) NULL,
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_dj_contacts PRIMARY KEY (dj_id),
  CONSTRAINT fk_dj_contacts_dj FOREIGN KEY (dj_id) REFERENCES djs (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Calendars. Windows of one kind do not overlap: a writer holds the row of the venue or DJ while it
-- looks and inserts. The longest window bounds what a search for one evening has to look at.
CREATE TABLE venue_windows (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  venue_id INT UNSIGNED NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts_at DATETIME(3) NOT NULL COMMENT 'UTC',
  ends_at DATETIME(3) NOT NULL COMMENT 'UTC',
  created_by INT UNSIGNED NOT NULL COMMENT 'users.id',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_venue_windows PRIMARY KEY (id),
  UNIQUE KEY uq_venue_windows_venue_kind_start (venue_id, kind, starts_at),
  KEY ix_venue_windows_kind_start (kind, starts_at, ends_at, venue_id),
  CONSTRAINT fk_venue_windows_venue FOREIGN KEY (venue_id) REFERENCES venues (id) ON DELETE CASCADE,
  CONSTRAINT ck_venue_windows_kind CHECK (kind IN ('available', 'booked')),
  CONSTRAINT ck_venue_windows_ends_at CHECK (ends_at > starts_at),
  CONSTRAINT ck_venue_windows_length CHECK (ends_at <= starts_at + INTERVAL 92 DAY)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE dj_windows (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  dj_id INT UNSIGNED NOT NULL,
  kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  starts_at DATETIME(3) NOT NULL COMMENT 'UTC',
  ends_at DATETIME(3) NOT NULL COMMENT 'UTC',
  created_by INT UNSIGNED NOT NULL COMMENT 'users.id',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_dj_windows PRIMARY KEY (id),
  UNIQUE KEY uq_dj_windows_dj_kind_start (dj_id, kind, starts_at),
  KEY ix_dj_windows_kind_start (kind, starts_at, ends_at, dj_id),
  CONSTRAINT fk_dj_windows_dj FOREIGN KEY (dj_id) REFERENCES djs (id) ON DELETE CASCADE,
  CONSTRAINT ck_dj_windows_kind CHECK (kind IN ('available', 'booked')),
  CONSTRAINT ck_dj_windows_ends_at CHECK (ends_at > starts_at),
  CONSTRAINT ck_dj_windows_length CHECK (ends_at <= starts_at + INTERVAL 92 DAY)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Who changed what, and when. It outlives its subject, so nothing is referenced.
CREATE TABLE directory_audit (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  subject VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  subject_id INT UNSIGNED NOT NULL,
  action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor_id INT UNSIGNED NOT NULL COMMENT 'users.id',
  actor_role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fields TEXT NOT NULL COMMENT 'JSON: what was written; of contact data the names alone',
  request_id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_directory_audit PRIMARY KEY (id),
  KEY ix_directory_audit_subject_id (subject, subject_id, id),
  CONSTRAINT ck_directory_audit_subject CHECK (subject IN ('dj', 'venue'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What a client has sent with an Idempotency-Key, and what it was answered.
CREATE TABLE idempotency_keys (
  owner VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'user:5',
  operation VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  idempotency_key VARCHAR(128) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  fingerprint CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'SHA-256 of what was asked',
  answer MEDIUMTEXT NOT NULL COMMENT 'JSON',
  expires_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_idempotency_keys PRIMARY KEY (owner, operation, idempotency_key),
  KEY ix_idempotency_keys_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What one euro buys, as the European Central Bank published it last.
CREATE TABLE exchange_rates (
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'ISO 4217',
  per_euro DECIMAL(18,6) NOT NULL,
  published_on DATE NOT NULL,
  fetched_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_exchange_rates PRIMARY KEY (currency),
  CONSTRAINT ck_exchange_rates_currency CHECK (currency REGEXP '^[A-Z]{3}$'),
  CONSTRAINT ck_exchange_rates_per_euro CHECK (per_euro > 0)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
