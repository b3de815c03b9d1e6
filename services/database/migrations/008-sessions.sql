-- expand
-- What accounts need beside a name and a password. Secrets lie here only as their SHA-256.
ALTER TABLE users
  ADD COLUMN email_confirmed_at DATETIME(3) NULL,
  ADD COLUMN password_changed_at DATETIME(3) NULL;

-- One row for each login. Its refresh token changes with each use: the last one is kept too, since a
-- client that lost the answer asks with it once more.
CREATE TABLE sessions (
  id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id INT UNSIGNED NOT NULL,
  chain_key BINARY(32) NOT NULL,
  token_hash BINARY(32) NOT NULL,
  previous_hash BINARY(32) NULL,
  rotations INT UNSIGNED NOT NULL DEFAULT 0,
  user_agent VARCHAR(255) NOT NULL DEFAULT '',
  created_at DATETIME(3) NOT NULL,
  rotated_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL COMMENT 'the end whatever happens',
  ended_at DATETIME(3) NULL,
  ended_by VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NULL,
  CONSTRAINT pk_sessions PRIMARY KEY (id),
  KEY ix_sessions_user (user_id, ended_at),
  KEY ix_sessions_expires_at (expires_at),
  CONSTRAINT fk_sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT ck_sessions_ended_by CHECK (ended_by IN ('logout', 'everywhere', 'password', 'reuse'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE throttles (
  id BINARY(32) NOT NULL,
  hits INT UNSIGNED NOT NULL,
  ends_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_throttles PRIMARY KEY (id),
  KEY ix_throttles_ends_at (ends_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
