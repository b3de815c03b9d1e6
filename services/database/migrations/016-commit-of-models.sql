-- expand
-- A build from a tree that was not clean is called <commit>-dirty.
ALTER TABLE model_versions
  MODIFY code_commit VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NULL;
