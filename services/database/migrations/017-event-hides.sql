-- expand
-- What a person does not want to see again, and what they took back lately: undone within some minutes
-- a mark is as if it had never been taken off, and later the taking off says something by itself.
CREATE TABLE event_hides (
  user_id INT UNSIGNED NOT NULL,
  event_id INT UNSIGNED NOT NULL,
  hidden_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_event_hides PRIMARY KEY (user_id, event_id),
  KEY ix_event_hides_event_hidden_at (event_id, hidden_at),
  CONSTRAINT fk_event_hides_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_event_hides_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE event_undone (
  user_id INT UNSIGNED NOT NULL,
  event_id INT UNSIGNED NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  since DATETIME(3) NOT NULL COMMENT 'the time of the mark that was taken off',
  undone_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_event_undone PRIMARY KEY (user_id, event_id, kind),
  KEY ix_event_undone_event_undone_at (event_id, undone_at),
  CONSTRAINT ck_event_undone_kind CHECK (kind IN ('save', 'hide')),
  CONSTRAINT fk_event_undone_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_event_undone_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
