-- expand
-- A token may also prove the address that an account moves to.
ALTER TABLE one_time_tokens
  DROP CONSTRAINT ck_one_time_tokens_purpose,
  ADD CONSTRAINT ck_one_time_tokens_purpose
    CHECK (purpose IN ('signup', 'confirm', 'reset', 'change'));
