-- expand
-- A night that an organizer plans. Lists are JSON in text, as those of preferences are.
CREATE TABLE event_plans (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  name VARCHAR(160) NOT NULL,
  city VARCHAR(64) NULL,
  starts_at DATETIME(3) NULL COMMENT 'UTC',
  ends_at DATETIME(3) NULL COMMENT 'UTC',
  capacity INT UNSIGNED NULL COMMENT 'people who are to find room',
  budget_max_minor INT UNSIGNED NULL COMMENT 'cents that a DJ may cost',
  genres TEXT NOT NULL,
  gear_needs TEXT NOT NULL,
  vibe_tags TEXT NOT NULL,
  notes VARCHAR(2000) NULL,
  version INT UNSIGNED NOT NULL DEFAULT 1,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  updated_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_event_plans PRIMARY KEY (id),
  KEY ix_event_plans_user (user_id, id),
  CONSTRAINT fk_event_plans_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_event_plans_city FOREIGN KEY (city) REFERENCES cities (name) ON UPDATE CASCADE,
  CONSTRAINT ck_event_plans_span CHECK ((starts_at IS NULL) = (ends_at IS NULL) AND ends_at > starts_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- DJs belong to another service, so no key leads to them: the name says who it was.
CREATE TABLE plan_shortlist (
  plan_id INT UNSIGNED NOT NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item_id INT UNSIGNED NOT NULL,
  name VARCHAR(160) NOT NULL,
  note VARCHAR(500) NULL,
  added_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  CONSTRAINT pk_plan_shortlist PRIMARY KEY (plan_id, kind, item_id),
  CONSTRAINT fk_plan_shortlist_plan FOREIGN KEY (plan_id) REFERENCES event_plans (id) ON DELETE CASCADE,
  CONSTRAINT ck_plan_shortlist_kind CHECK (kind IN ('dj', 'venue'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;

-- What an organizer has written to whom, and what became of it; the address stays out.
CREATE TABLE contact_requests (
  id INT UNSIGNED NOT NULL AUTO_INCREMENT,
  user_id INT UNSIGNED NOT NULL,
  plan_id INT UNSIGNED NULL,
  kind VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  item_id INT UNSIGNED NOT NULL,
  name VARCHAR(160) NOT NULL,
  message VARCHAR(4000) NOT NULL,
  status VARCHAR(12) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting',
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'why it was not sent',
  note VARCHAR(500) NULL,
  mail_id BIGINT UNSIGNED NOT NULL COMMENT 'mail_outbox.id',
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  sent_at DATETIME(3) NULL,
  CONSTRAINT pk_contact_requests PRIMARY KEY (id),
  KEY ix_contact_requests_user (user_id, id),
  KEY ix_contact_requests_item (user_id, kind, item_id),
  KEY ix_contact_requests_status (status, id),
  CONSTRAINT fk_contact_requests_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
  CONSTRAINT fk_contact_requests_plan FOREIGN KEY (plan_id) REFERENCES event_plans (id) ON DELETE SET NULL,
  CONSTRAINT ck_contact_requests_kind CHECK (kind IN ('dj', 'venue')),
  CONSTRAINT ck_contact_requests_status CHECK (status IN ('waiting', 'sent', 'failed', 'answered', 'agreed', 'declined'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
