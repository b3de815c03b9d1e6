-- expand
-- What anybody may read. How to reach a DJ is personal data and gets a table of its own, so that no
-- SELECT on this one can give it away.
CREATE TABLE djs (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  slug VARCHAR(120) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(160) NOT NULL,
  bio TEXT NULL,
  city VARCHAR(64) NOT NULL,
  fee_minor INT UNSIGNED NULL COMMENT 'asked for a night, in minor units; null when not known',
  currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'EUR' COMMENT 'ISO 4217',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_djs PRIMARY KEY (id),
  UNIQUE KEY uq_djs_slug (slug),
  KEY ix_djs_name_id (name, id),
  KEY ix_djs_city_name_id (city, name, id),
  FULLTEXT KEY ft_djs_text (name, bio),
  CONSTRAINT fk_djs_city FOREIGN KEY (city) REFERENCES cities (name) ON UPDATE CASCADE,
  CONSTRAINT ck_djs_slug CHECK (slug REGEXP '^[a-z0-9]+(-[a-z0-9]+)*$'),
  CONSTRAINT ck_djs_name CHECK (name <> ''),
  CONSTRAINT ck_djs_currency CHECK (currency REGEXP '^[A-Z]{3}$')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE dj_genres (
  dj_id INT UNSIGNED NOT NULL,
  genre_id SMALLINT UNSIGNED NOT NULL,
  CONSTRAINT pk_dj_genres PRIMARY KEY (dj_id, genre_id),
  KEY ix_dj_genres_genre_dj (genre_id, dj_id),
  CONSTRAINT fk_dj_genres_dj FOREIGN KEY (dj_id) REFERENCES djs (id) ON DELETE CASCADE,
  CONSTRAINT fk_dj_genres_genre FOREIGN KEY (genre_id) REFERENCES genres (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
