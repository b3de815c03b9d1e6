-- expand
-- Reference data, so that a city or a genre has one spelling: everything else points here.
-- The key of a city is its name under a collation blind to case and accents, hence `city = 'dublín'`
-- finds Dublin, on an index and without a join.
CREATE TABLE cities (
  name VARCHAR(64) NOT NULL,
  county VARCHAR(64) NOT NULL,
  position POINT NOT NULL /*!80003 SRID 0 */,
  CONSTRAINT pk_cities PRIMARY KEY (name),
  SPATIAL KEY sp_cities_position (position),
  CONSTRAINT ck_cities_position CHECK (ST_X(position) BETWEEN -180 AND 180 AND ST_Y(position) BETWEEN -90 AND 90)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

INSERT INTO cities (name, county, position) VALUES
  ('Athlone', 'Westmeath', ST_GeomFromText('POINT(-7.9407 53.4239)')),
  ('Belfast', 'Antrim', ST_GeomFromText('POINT(-5.9301 54.5973)')),
  ('Cork', 'Cork', ST_GeomFromText('POINT(-8.4756 51.8985)')),
  ('Derry', 'Derry', ST_GeomFromText('POINT(-7.3075 54.9966)')),
  ('Dublin', 'Dublin', ST_GeomFromText('POINT(-6.2603 53.3498)')),
  ('Dundalk', 'Louth', ST_GeomFromText('POINT(-6.4033 54.0019)')),
  ('Ennis', 'Clare', ST_GeomFromText('POINT(-8.9811 52.8463)')),
  ('Galway', 'Galway', ST_GeomFromText('POINT(-9.0568 53.2707)')),
  ('Kilkenny', 'Kilkenny', ST_GeomFromText('POINT(-7.2448 52.6541)')),
  ('Killarney', 'Kerry', ST_GeomFromText('POINT(-9.5044 52.0599)')),
  ('Letterkenny', 'Donegal', ST_GeomFromText('POINT(-7.7342 54.9558)')),
  ('Limerick', 'Limerick', ST_GeomFromText('POINT(-8.6267 52.6638)')),
  ('Sligo', 'Sligo', ST_GeomFromText('POINT(-8.4761 54.2766)')),
  ('Tralee', 'Kerry', ST_GeomFromText('POINT(-9.7026 52.2713)')),
  ('Waterford', 'Waterford', ST_GeomFromText('POINT(-7.1101 52.2593)')),
  ('Wexford', 'Wexford', ST_GeomFromText('POINT(-6.4575 52.3369)'));

CREATE TABLE genres (
  id SMALLINT UNSIGNED NOT NULL AUTO_INCREMENT,
  slug VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  name VARCHAR(64) NOT NULL,
  parent_id SMALLINT UNSIGNED NULL COMMENT 'the family, for a genre that belongs to one',
  CONSTRAINT pk_genres PRIMARY KEY (id),
  UNIQUE KEY uq_genres_slug (slug),
  UNIQUE KEY uq_genres_name (name),
  KEY ix_genres_parent (parent_id),
  CONSTRAINT fk_genres_parent FOREIGN KEY (parent_id) REFERENCES genres (id),
  CONSTRAINT ck_genres_slug CHECK (slug REGEXP '^[a-z0-9]+(-[a-z0-9]+)*$')
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

INSERT INTO genres (id, slug, name, parent_id) VALUES
  (1, 'electronic', 'Electronic', NULL),
  (2, 'rock', 'Rock', NULL),
  (3, 'pop', 'Pop', NULL),
  (4, 'hip-hop', 'Hip-Hop', NULL),
  (5, 'metal', 'Metal', NULL),
  (6, 'jazz', 'Jazz', NULL),
  (7, 'folk', 'Folk', NULL),
  (8, 'rnb', 'R&B', NULL),
  (9, 'country', 'Country', NULL),
  (10, 'classical', 'Classical', NULL),
  (11, 'reggae', 'Reggae', NULL),
  (12, 'house', 'House', 1),
  (13, 'techno', 'Techno', 1),
  (14, 'disco', 'Disco', 1),
  (15, 'drum-and-bass', 'Drum & Bass', 1),
  (16, 'trance', 'Trance', 1),
  (17, 'ambient', 'Ambient', 1),
  (18, 'uk-garage', 'UK Garage', 1),
  (19, 'electro', 'Electro', 1),
  (20, 'indie', 'Indie', 2),
  (21, 'punk', 'Punk', 2),
  (22, 'post-punk', 'Post-Punk', 2),
  (23, 'shoegaze', 'Shoegaze', 2),
  (24, 'synth-pop', 'Synth-Pop', 3),
  (25, 'rap', 'Rap', 4),
  (26, 'grime', 'Grime', 4),
  (27, 'trad', 'Trad', 7),
  (28, 'singer-songwriter', 'Singer-Songwriter', 7),
  (29, 'sean-nos', 'Sean-nós', 7),
  (30, 'soul', 'Soul', 8),
  (31, 'funk', 'Funk', 8),
  (32, 'americana', 'Americana', 9),
  (33, 'dub', 'Dub', 11);
