-- expand
-- Whose Spotify account is whose here. Tokens are encrypted by the service, bound to both ids.
CREATE TABLE spotify_links (
  user_id INT UNSIGNED NOT NULL,
  spotify_id VARCHAR(128) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  display_name VARCHAR(255) NULL,
  key_id VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  tokens VARBINARY(8192) NOT NULL,
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'active',
  problem VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'of the last synchronisation',
  failures SMALLINT UNSIGNED NOT NULL DEFAULT 0,
  linked_at DATETIME(3) NOT NULL,
  synced_at DATETIME(3) NULL,
  next_sync_at DATETIME(3) NOT NULL,
  claim BINARY(16) NULL COMMENT 'of the process that is at work on it',
  claimed_until DATETIME(3) NULL,
  CONSTRAINT pk_spotify_links PRIMARY KEY (user_id),
  UNIQUE KEY uq_spotify_links_spotify_id (spotify_id),
  KEY ix_spotify_links_state_next_sync_at (state, next_sync_at),
  KEY ix_spotify_links_key_id (key_id),
  CONSTRAINT fk_spotify_links_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT ck_spotify_links_state CHECK (state IN ('active', 'broken'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- People who have been sent to Spotify and are to come back, once, in the browser that they left with.
CREATE TABLE spotify_attempts (
  state_hash BINARY(32) NOT NULL,
  browser_hash BINARY(32) NOT NULL,
  user_id INT UNSIGNED NOT NULL,
  session_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  verifier CHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  used_at DATETIME(3) NULL,
  CONSTRAINT pk_spotify_attempts PRIMARY KEY (state_hash),
  KEY ix_spotify_attempts_expires_at (expires_at),
  KEY fk_spotify_attempts_user (user_id),
  KEY fk_spotify_attempts_session (session_id),
  CONSTRAINT fk_spotify_attempts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_spotify_attempts_session FOREIGN KEY (session_id)
    REFERENCES sessions (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What Spotify says that a person loves: for ranking, never for training. It goes with its link.
CREATE TABLE spotify_tastes (
  user_id INT UNSIGNED NOT NULL,
  artists TEXT NOT NULL COMMENT 'JSON: id and name of each, the most loved first',
  genres TEXT NOT NULL COMMENT 'JSON: names, the most frequent first',
  fetched_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_spotify_tastes PRIMARY KEY (user_id),
  CONSTRAINT fk_spotify_tastes_link FOREIGN KEY (user_id)
    REFERENCES spotify_links (user_id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
