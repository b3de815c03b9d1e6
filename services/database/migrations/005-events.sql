-- expand
-- uid is the identifier that calendars keep (RFC 5545, 3.8.4.7): it outlives a change of date or title.
CREATE TABLE events (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  uid VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  title VARCHAR(300) NOT NULL,
  description TEXT NULL,
  starts_at DATETIME(3) NOT NULL COMMENT 'UTC',
  ends_at DATETIME(3) NULL COMMENT 'UTC',
  city VARCHAR(64) NOT NULL,
  venue_id INT UNSIGNED NULL,
  status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'scheduled',
  price_min_minor INT UNSIGNED NULL COMMENT 'in minor units; 0 is free, null is not known',
  price_max_minor INT UNSIGNED NULL,
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217',
  age_min TINYINT UNSIGNED NULL,
  ticket_url VARCHAR(2048) NULL,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_events PRIMARY KEY (id),
  UNIQUE KEY uq_events_uid (uid),
  KEY ix_events_starts_at_id (starts_at, id),
  KEY ix_events_city_starts_at_id (city, starts_at, id),
  KEY ix_events_venue_starts_at_id (venue_id, starts_at, id),
  FULLTEXT KEY ft_events_text (title, description),
  CONSTRAINT fk_events_city FOREIGN KEY (city) REFERENCES cities (name) ON UPDATE CASCADE,
  CONSTRAINT fk_events_venue FOREIGN KEY (venue_id) REFERENCES venues (id) ON DELETE SET NULL,
  CONSTRAINT ck_events_uid CHECK (uid <> ''),
  CONSTRAINT ck_events_title CHECK (title <> ''),
  CONSTRAINT ck_events_ends_at CHECK (ends_at > starts_at),
  CONSTRAINT ck_events_status CHECK (status IN ('scheduled', 'postponed', 'cancelled')),
  CONSTRAINT ck_events_price CHECK (price_max_minor >= price_min_minor),
  CONSTRAINT ck_events_currency CHECK (currency REGEXP '^[A-Z]{3}$'),
  CONSTRAINT ck_events_ticket_url CHECK (ticket_url LIKE 'https://_%' OR ticket_url LIKE 'http://_%')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE event_genres (
  event_id INT UNSIGNED NOT NULL,
  genre_id SMALLINT UNSIGNED NOT NULL,
  CONSTRAINT pk_event_genres PRIMARY KEY (event_id, genre_id),
  KEY ix_event_genres_genre_event (genre_id, event_id),
  CONSTRAINT fk_event_genres_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE,
  CONSTRAINT fk_event_genres_genre FOREIGN KEY (genre_id) REFERENCES genres (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
