-- expand
-- The artists that people follow, and feeds as they were ranked: the pages of one are cut from one list.
CREATE TABLE artist_follows (
  user_id INT UNSIGNED NOT NULL,
  artist_id INT UNSIGNED NOT NULL,
  followed_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_artist_follows PRIMARY KEY (user_id, artist_id),
  KEY ix_artist_follows_artist (artist_id, user_id),
  CONSTRAINT fk_artist_follows_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_artist_follows_artist FOREIGN KEY (artist_id) REFERENCES artists (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE feeds (
  id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id INT UNSIGNED NOT NULL,
  lines_json MEDIUMTEXT NOT NULL COMMENT 'JSON: numbers of events with score and reasons, best first',
  is_personal TINYINT UNSIGNED NOT NULL,
  degraded VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '' COMMENT 'who had not answered',
  made_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_feeds PRIMARY KEY (id),
  KEY ix_feeds_made_at (made_at),
  KEY ix_feeds_user (user_id, made_at),
  CONSTRAINT fk_feeds_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

ALTER TABLE artists ADD FULLTEXT KEY ft_artists_name (name);
