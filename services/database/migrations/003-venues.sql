-- expand
CREATE TABLE venues (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  slug VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(160) NOT NULL,
  address VARCHAR(255) NOT NULL,
  city VARCHAR(64) NOT NULL,
  capacity INT UNSIGNED NULL COMMENT 'people; null when not known',
  position POINT NOT NULL /*!80003 SRID 0 */ COMMENT 'POINT(longitude latitude), WGS 84 degrees',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_venues PRIMARY KEY (id),
  UNIQUE KEY uq_venues_slug (slug),
  UNIQUE KEY uq_venues_city_name_address (city, name, address),
  KEY ix_venues_name_id (name, id),
  KEY ix_venues_city_name_id (city, name, id),
  SPATIAL KEY sp_venues_position (position),
  FULLTEXT KEY ft_venues_text (name, address),
  CONSTRAINT fk_venues_city FOREIGN KEY (city) REFERENCES cities (name) ON UPDATE CASCADE,
  CONSTRAINT ck_venues_slug CHECK (slug REGEXP '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT ck_venues_name CHECK (name <> ''),
  CONSTRAINT ck_venues_capacity CHECK (capacity > 0),
  CONSTRAINT ck_venues_position CHECK (ST_X(position) BETWEEN -180 AND 180 AND ST_Y(position) BETWEEN -90 AND 90)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE venue_genres (
  venue_id INT UNSIGNED NOT NULL,
  genre_id SMALLINT UNSIGNED NOT NULL,
  CONSTRAINT pk_venue_genres PRIMARY KEY (venue_id, genre_id),
  KEY ix_venue_genres_genre_venue (genre_id, venue_id),
  CONSTRAINT fk_venue_genres_venue FOREIGN KEY (venue_id) REFERENCES venues (id) ON DELETE CASCADE,
  CONSTRAINT fk_venue_genres_genre FOREIGN KEY (genre_id) REFERENCES genres (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
