-- expand
-- What the one service that sends mail says of itself: others ask before they promise anybody a letter.
CREATE TABLE mail_senders (
  id TINYINT UNSIGNED NOT NULL DEFAULT 1,
  is_configured TINYINT UNSIGNED NOT NULL,
  told_at DATETIME(3) NOT NULL,
  CONSTRAINT pk_mail_senders PRIMARY KEY (id),
  CONSTRAINT ck_mail_senders_one CHECK (id = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
