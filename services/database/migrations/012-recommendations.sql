-- expand
-- Not what a model says but what it did: figures and decision stay when its file has gone.
CREATE TABLE model_versions (
  version VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  sha256 CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL COMMENT 'of its file',
  bytes INT UNSIGNED NOT NULL,
  code_commit VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  data_from DATETIME(3) NOT NULL,
  data_to DATETIME(3) NOT NULL,
  actions INT UNSIGNED NOT NULL,
  people INT UNSIGNED NOT NULL,
  events INT UNSIGNED NOT NULL,
  figures TEXT NOT NULL COMMENT 'JSON: of this one, popularity and the one in service',
  accepted TINYINT UNSIGNED NOT NULL,
  reason VARCHAR(255) NOT NULL,
  trained_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_model_versions PRIMARY KEY (version),
  KEY ix_model_versions_trained_at (trained_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What was put into service, the newest row last; a null version is popularity.
CREATE TABLE model_service (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  version VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NULL,
  actor_id INT UNSIGNED NULL COMMENT 'users.id of the admin; null: the training',
  at DATETIME(3) NOT NULL,
  CONSTRAINT pk_model_service PRIMARY KEY (id),
  KEY fk_model_service_version (version),
  CONSTRAINT fk_model_service_version FOREIGN KEY (version) REFERENCES model_versions (version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE training_requests (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  actor_id INT UNSIGNED NOT NULL COMMENT 'users.id',
  requested_at DATETIME(3) NOT NULL,
  ended_at DATETIME(3) NULL,
  outcome VARCHAR(255) NULL,
  CONSTRAINT pk_training_requests PRIMARY KEY (id),
  KEY ix_training_requests_ended_at (ended_at, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE experiments (
  id VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  variants TEXT NOT NULL COMMENT 'JSON: name, share, ranking',
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'running',
  created_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_experiments PRIMARY KEY (id),
  CONSTRAINT ck_experiments_state CHECK (state IN ('running', 'ended'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- A list that somebody was given. One row for all of it: its lines are read only together.
CREATE TABLE exposures (
  id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  user_id INT UNSIGNED NULL,
  model_version VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  experiment VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL,
  variant VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NULL,
  events TEXT NOT NULL COMMENT 'JSON: their numbers in the order shown',
  shown_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_exposures PRIMARY KEY (id),
  KEY ix_exposures_experiment_variant (experiment, variant, user_id),
  KEY ix_exposures_shown_at (shown_at),
  KEY fk_exposures_user (user_id),
  CONSTRAINT fk_exposures_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

CREATE TABLE feedback (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  event_id INT UNSIGNED NOT NULL,
  action VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  exposure_id CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL,
  position SMALLINT UNSIGNED NULL COMMENT 'in the list shown, from 1',
  at DATETIME(3) NOT NULL,
  CONSTRAINT pk_feedback PRIMARY KEY (id),
  KEY ix_feedback_user_event (user_id, event_id, id),
  KEY ix_feedback_event_at (event_id, at),
  KEY ix_feedback_exposure (exposure_id, action),
  CONSTRAINT fk_feedback_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_feedback_event FOREIGN KEY (event_id) REFERENCES events (id) ON DELETE CASCADE,
  CONSTRAINT fk_feedback_exposure FOREIGN KEY (exposure_id) REFERENCES exposures (id) ON DELETE SET NULL,
  CONSTRAINT ck_feedback_action CHECK (action IN
    ('save', 'unsave', 'hide', 'unhide', 'click', 'calendar', 'up', 'down'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
