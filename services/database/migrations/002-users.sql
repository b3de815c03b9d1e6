-- expand
-- An email is compared byte by byte, lower-cased by whoever writes it: a collation blind to accents
-- would take two mailboxes for one.
CREATE TABLE users (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  email VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  name VARCHAR(120) NOT NULL,
  password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'PHC string, $argon2id$...',
  role VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'user',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_users PRIMARY KEY (id),
  UNIQUE KEY uq_users_email (email),
  CONSTRAINT ck_users_email CHECK (email = LOWER(TRIM(email)) AND email LIKE '%_@_%'),
  CONSTRAINT ck_users_name CHECK (name <> ''),
  CONSTRAINT ck_users_password_hash CHECK (password_hash LIKE '$_%$_%'),
  CONSTRAINT ck_users_role CHECK (role IN ('user', 'organizer', 'admin'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
