-- expand
-- Until when a paid API may not be asked by anybody: all processes share one account with it.
CREATE TABLE api_penalties (
  api VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  closed_until DATETIME(3) NOT NULL,
  CONSTRAINT pk_api_penalties PRIMARY KEY (api)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_520_ci;
