-- expand
-- Becomes an account when the mailbox has answered: until then nobody's address is taken.
CREATE TABLE pending_signups (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_pending_signups PRIMARY KEY (id),
  KEY ix_pending_signups_expires_at (expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What a link in a mail proves, once.
CREATE TABLE one_time_tokens (
  token_hash BINARY(32) NOT NULL,
  purpose VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id INT UNSIGNED NULL,
  signup_id INT UNSIGNED NULL,
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  used_at DATETIME(3) NULL,
  CONSTRAINT pk_one_time_tokens PRIMARY KEY (token_hash),
  KEY ix_one_time_tokens_expires_at (expires_at),
  CONSTRAINT fk_one_time_tokens_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_one_time_tokens_signup FOREIGN KEY (signup_id)
    REFERENCES pending_signups (id) ON DELETE CASCADE,
  CONSTRAINT ck_one_time_tokens_purpose CHECK (purpose IN ('signup', 'confirm', 'reset'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- Lists are JSON in text: the two servers hand a JSON column out in different ways.
CREATE TABLE user_preferences (
  user_id INT UNSIGNED NOT NULL,
  genres TEXT NOT NULL,
  artists TEXT NOT NULL,
  cities TEXT NOT NULL,
  venues TEXT NOT NULL,
  djs TEXT NOT NULL,
  nights TEXT NOT NULL,
  budget_max_minor INT UNSIGNED NULL COMMENT 'cents',
  radius_km INT UNSIGNED NULL,
  updated_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_user_preferences PRIMARY KEY (user_id),
  CONSTRAINT fk_user_preferences_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A person has one open request at most: of decided ones is_open is NULL, which no unique key counts.
CREATE TABLE organizer_requests (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  message VARCHAR(1000) NOT NULL,
  status VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'open',
  is_open TINYINT UNSIGNED NULL DEFAULT 1,
  note VARCHAR(1000) NOT NULL DEFAULT '',
  created_at DATETIME(3) NOT NULL,
  decided_at DATETIME(3) NULL,
  decided_by INT UNSIGNED NULL,
  CONSTRAINT pk_organizer_requests PRIMARY KEY (id),
  UNIQUE KEY uq_organizer_requests_user_open (user_id, is_open),
  KEY ix_organizer_requests_status (status, id),
  CONSTRAINT fk_organizer_requests_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_organizer_requests_decided_by FOREIGN KEY (decided_by)
    REFERENCES users (id) ON DELETE SET NULL,
  CONSTRAINT ck_organizer_requests_status CHECK (status IN ('open', 'granted', 'refused'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What happened to an account, and who did it: NULL is the command line.
CREATE TABLE account_events (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  actor_id INT UNSIGNED NULL,
  what VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  detail VARCHAR(255) NOT NULL DEFAULT '',
  happened_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_account_events PRIMARY KEY (id),
  KEY ix_account_events_user (user_id, id),
  CONSTRAINT fk_account_events_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_account_events_actor FOREIGN KEY (actor_id) REFERENCES users (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
