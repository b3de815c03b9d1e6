-- expand
-- The address of one's calendar, and what people want to be told of. An event is told to a person once,
-- whatever alerts it fits: the row of alert_notices is that once.
CREATE TABLE calendar_feeds (
  user_id INT UNSIGNED NOT NULL,
  token_hash BINARY(32) NOT NULL,
  created_at DATETIME(3) NOT NULL,
  read_at DATETIME(3) NULL COMMENT 'to the hour',
  CONSTRAINT pk_calendar_feeds PRIMARY KEY (user_id),
  UNIQUE KEY uq_calendar_feeds_token (token_hash),
  CONSTRAINT fk_calendar_feeds_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE alerts (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  artist_slug VARCHAR(160) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL DEFAULT '' COMMENT 'as artists.slug; empty for any',
  artist_name VARCHAR(160) NOT NULL DEFAULT '',
  genre_id SMALLINT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'genres.id; 0 for any',
  city VARCHAR(64) NOT NULL DEFAULT '' COMMENT 'cities.name; empty for anywhere',
  radius_km INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'around the city; 0 for the city alone',
  created_at DATETIME(3) NOT NULL,
  paused_at DATETIME(3) NULL,
  checked_at DATETIME(3) NOT NULL COMMENT 'what was announced before is known',
  CONSTRAINT pk_alerts PRIMARY KEY (id),
  UNIQUE KEY uq_alerts_wish (user_id, artist_slug, genre_id, city, radius_km),
  KEY ix_alerts_artist (artist_slug),
  CONSTRAINT fk_alerts_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT ck_alerts_wish CHECK (artist_slug <> '' OR genre_id > 0),
  CONSTRAINT ck_alerts_radius CHECK (radius_km = 0 OR city <> '')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE alert_notices (
  user_id INT UNSIGNED NOT NULL,
  event_id INT UNSIGNED NOT NULL,
  alert_id INT UNSIGNED NULL COMMENT 'the first that it fitted',
  found_at DATETIME(3) NOT NULL,
  mail_id BIGINT UNSIGNED NULL COMMENT 'mail_outbox.id',
  told_at DATETIME(3) NULL,
  CONSTRAINT pk_alert_notices PRIMARY KEY (user_id, event_id),
  KEY ix_alert_notices_user_found (user_id, found_at),
  KEY ix_alert_notices_told_mail (told_at, mail_id),
  KEY ix_alert_notices_mail (mail_id),
  KEY fk_alert_notices_event (event_id),
  KEY fk_alert_notices_alert (alert_id),
  CONSTRAINT fk_alert_notices_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_alert_notices_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE,
  CONSTRAINT fk_alert_notices_alert FOREIGN KEY (alert_id) REFERENCES alerts (id) ON DELETE SET NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE alert_unsubscribes (
  token_hash BINARY(32) NOT NULL,
  user_id INT UNSIGNED NOT NULL,
  expires_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_alert_unsubscribes PRIMARY KEY (token_hash),
  KEY ix_alert_unsubscribes_expires_at (expires_at),
  KEY fk_alert_unsubscribes_user (user_id),
  CONSTRAINT fk_alert_unsubscribes_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

ALTER TABLE events ADD KEY ix_events_created_at (created_at);
