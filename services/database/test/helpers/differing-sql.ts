export interface DifferingConstruct {
  readonly construct: string;
  readonly pattern: RegExp;
  readonly why: string;
  readonly link: string;
  /** A text that the pattern must find: the rule that finds nothing is no rule. */
  readonly example: string;
}

const mysql = (page: string) => `https://dev.mysql.com/doc/refman/8.4/en/${page}.html`;
const mariadb = (page: string) => `https://mariadb.com/docs/server/${page}`;

/** What MySQL 8.4 and MariaDB 10.11 do not both take, or take in different ways. */
export const differingSql: readonly DifferingConstruct[] = [
  {
    construct: 'RETURNING',
    pattern: /\b(?:INSERT|DELETE|REPLACE)\b[^;]*\bRETURNING\b/i,
    why: 'only MariaDB has it',
    link: mariadb(
      'reference/sql-statements/data-manipulation/inserting-loading-data/insertreturning',
    ),
    example: 'INSERT INTO a VALUES (1) RETURNING id',
  },
  {
    construct: 'row alias in an upsert',
    pattern: /\bVALUES\b[^;]*\)\s*AS\s+\w+\s*(?:\([^)]*\)\s*)?ON\s+DUPLICATE/i,
    why: 'MariaDB does not parse it; use VALUES(column)',
    link: mysql('insert-on-duplicate'),
    example: 'INSERT INTO a VALUES (1) AS new ON DUPLICATE KEY UPDATE b = new.b',
  },
  {
    construct: 'functional index',
    pattern: /\b(?:KEY|INDEX)\s+\w+\s*(?:ON\s+\w+\s*)?\(\s*\(/i,
    why: 'MariaDB 10.11 indexes columns only',
    link: mysql('create-index'),
    example: 'KEY ix_lower ((LOWER(name)))',
  },
  {
    construct: 'collation utf8mb4_0900_*',
    pattern: /utf8mb4_0900_/i,
    why: 'MariaDB 10.11 does not know it',
    link: mysql('charset-unicode-sets'),
    example: 'COLLATE utf8mb4_0900_ai_ci',
  },
  {
    construct: 'collation uca1400',
    pattern: /\buca1400_/i,
    why: 'MySQL does not know it',
    link: mariadb(
      'reference/data-types/string-data-types/character-sets/supported-character-sets-and-collations',
    ),
    example: 'COLLATE uca1400_ai_ci',
  },
  {
    construct: 'SRID outside /*!80003 */',
    pattern: /(?<!\/\*!80003 )\bSRID\s+\d+/,
    why: 'MariaDB has no such column attribute, and MySQL ignores a spatial index without it',
    link: mysql('spatial-type-overview'),
    example: 'position POINT NOT NULL SRID 0',
  },
  {
    construct: 'LIMIT ? or OFFSET ?',
    pattern: /\b(?:LIMIT|OFFSET)\s+\?/i,
    why: 'MySQL refuses the number of a prepared statement there; use limitSql()',
    link: 'https://github.com/sidorares/node-mysql2/issues/1239',
    example: 'SELECT 1 LIMIT ?',
  },
  {
    construct: 'row constructor comparison',
    pattern: /\(\s*[\w.`]+\s*,\s*[\w.`]+\s*\)\s*(?:[<>]=?)\s*\(/,
    why: 'neither reads a range of the index for it: write it expanded',
    link: mysql('row-constructor-optimization'),
    example: 'WHERE (starts_at, id) > (?, ?)',
  },
  {
    construct: 'JSON column',
    pattern: /^\s*\w+\s+JSON\b(?!_)/im,
    why: 'MySQL returns a value, MariaDB a text; store text',
    link: mariadb('reference/data-types/string-data-types/json'),
    example: '  tags JSON NULL,',
  },
  {
    construct: 'JSON path operator',
    pattern: /\w\s*->>?\s*'\$/,
    why: 'MariaDB does not parse it; use JSON_EXTRACT and JSON_UNQUOTE',
    link: mysql('json-search-functions'),
    example: "SELECT tags->>'$.a'",
  },
  {
    construct: 'sequence, UUID or INET type of MariaDB',
    pattern: /\bCREATE\s+(?:OR\s+REPLACE\s+TABLE|SEQUENCE)\b|^\s*\w+\s+(?:UUID|INET[46])\b(?!\()/im,
    why: 'only MariaDB has it',
    link: mariadb('reference/data-types/string-data-types/uuid-data-type'),
    example: '  id UUID NOT NULL,',
  },
  {
    construct: 'IF [NOT] EXISTS on a column or index',
    pattern: /\b(?:ADD|DROP)\s+(?:COLUMN|INDEX|KEY)\s+IF\b/i,
    why: 'only MariaDB parses it; a migration runs once anyhow',
    link: mariadb('reference/sql-statements/data-definition/alter/alter-table'),
    example: 'ALTER TABLE a ADD COLUMN IF NOT EXISTS b INT',
  },
  {
    construct: 'LATERAL',
    pattern: /\bLATERAL\b/,
    why: 'MariaDB 10.11 does not have it',
    link: mysql('lateral-derived-tables'),
    example: 'JOIN LATERAL (SELECT 1) x',
  },
];

/** The constructs that a text of SQL, or a program with SQL in it, contains. */
export const findDiffering = (text: string) =>
  differingSql.filter(({ pattern }) => pattern.test(text)).map(({ construct }) => construct);
