import { userInfo } from 'node:os';
import { join } from 'node:path';

/** What must be the same when the template is made and when a copy of it is opened. */
const innodbFiles = [
  '--innodb-data-file-path=ibdata1:4M:autoextend',
  '--innodb-log-file-size=8M',
  // The container's limit on asynchronous I/O is shared by all servers of the machine.
  '--innodb-use-native-aio=0',
];

/** `--no-defaults` comes first or is refused: nobody's ~/.my.cnf changes a private server. */
const commonOptions = (dataFolder: string) => [
  '--no-defaults',
  `--user=${userInfo().username}`,
  `--datadir=${dataFolder}`,
  ...innodbFiles,
];

/** Arguments with which the server fills an empty data folder from statements on its input. */
export const bootstrapOptions = (dataFolder: string) => [
  ...commonOptions(dataFolder),
  '--bootstrap',
  '--innodb-buffer-pool-size=16M',
];

export interface ServerPlace {
  /** The folder that holds `data`, the socket and the statements of the start. */
  readonly folder: string;
  readonly address: string;
  readonly port: number;
}

export const dataFolderOf = (folder: string) => join(folder, 'data');
export const socketOf = (folder: string) => join(folder, 'socket');
export const initFileOf = (folder: string) => join(folder, 'init.sql');

/** MySQL 8.4's own default, so that what production would refuse is refused here. */
const SQL_MODE = [
  'ONLY_FULL_GROUP_BY',
  'STRICT_TRANS_TABLES',
  'NO_ZERO_IN_DATE',
  'NO_ZERO_DATE',
  'ERROR_FOR_DIVISION_BY_ZERO',
  'NO_ENGINE_SUBSTITUTION',
];

/** Arguments of a small private server: UTC, utf8mb4, strict, at home only on its address. */
export const serverOptions = ({ folder, address, port }: ServerPlace) => [
  ...commonOptions(dataFolderOf(folder)),
  `--socket=${socketOf(folder)}`,
  `--pid-file=${join(folder, 'pid')}`,
  `--init-file=${initFileOf(folder)}`,
  `--bind-address=${address}`,
  `--port=${port}`,
  '--skip-name-resolve',
  '--local-infile=0',
  '--character-set-server=utf8mb4',
  '--collation-server=utf8mb4_unicode_520_ci',
  '--default-time-zone=+00:00',
  `--sql-mode=${SQL_MODE.join(',')}`,
  // As many as the small managed server that production would use.
  '--max-connections=80',
  '--innodb-buffer-pool-size=64M',
  '--innodb-buffer-pool-dump-at-shutdown=0',
  '--innodb-flush-log-at-trx-commit=2',
  '--aria-pagecache-buffer-size=8M',
  '--key-buffer-size=1M',
];
