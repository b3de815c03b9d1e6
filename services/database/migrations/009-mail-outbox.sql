-- expand
-- Mail to be sent, written in the transaction that it belongs to. What a row holds is made into a
-- message only when it is sent, and goes with it.
CREATE TABLE mail_outbox (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT,
  kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  recipient VARCHAR(254) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
  data TEXT NOT NULL COMMENT 'JSON',
  state VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT 'waiting',
  attempts INT UNSIGNED NOT NULL DEFAULT 0,
  created_at DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  due_at DATETIME(3) NOT NULL,
  expires_at DATETIME(3) NOT NULL COMMENT 'later it is of no use',
  claim CHAR(22) CHARACTER SET ascii COLLATE ascii_bin NULL,
  settled_at DATETIME(3) NULL,
  reason VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL COMMENT 'why it was not sent',
  CONSTRAINT pk_mail_outbox PRIMARY KEY (id),
  KEY ix_mail_outbox_state_due_at (state, due_at),
  KEY ix_mail_outbox_claim (claim),
  CONSTRAINT ck_mail_outbox_state CHECK (state IN ('waiting', 'sent', 'failed'))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
