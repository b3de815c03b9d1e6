import fs from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { readConfig } from '@whatsthecraic/platform/config';
import { type Database, openDatabase, type Queries } from '@whatsthecraic/platform/database';
import { createLog } from '@whatsthecraic/platform/log';

/**
 * A program: trains as the command does, and kills itself at the moment that its argument names, as a
 * node without memory would. It prints each moment that it comes to.
 */
const dieAt = process.argv[2];
let passes = 0;
let files = 0;
let rows = 0;

function moment(name: string): void {
  process.stdout.write(`${name}\n`);
  if (name === dieAt) process.kill(process.pid, 'SIGKILL');
}

// What the store of models does with files, step by step; its own code is the real one.
const { open, rename } = fs.promises;
fs.promises.open = async (...args) => {
  const handle = await open(...args);
  if (!String(args[0]).endsWith('.part')) return handle;
  files += 1;
  moment(`file ${files} opened`);
  return watched(handle);
};
fs.promises.rename = async (...args) => {
  moment(`file ${files} on the disk`);
  await rename(...args);
  moment(`file ${files} has its name`);
};
syncBuiltinESMExports();

function watched(handle: FileHandle): FileHandle {
  const write = handle.writeFile.bind(handle);
  handle.writeFile = async (data) => {
    const bytes = data as Buffer;
    if (dieAt === `file ${files} half written`) await write(bytes.subarray(0, bytes.length / 2));
    moment(`file ${files} half written`);
    await write(bytes);
    moment(`file ${files} written, not yet on the disk`);
  };
  return handle;
}

/** The same database, with a moment behind each row and around the commit. */
function told(database: Database): Database {
  const telling = (queries: Queries): Queries => ({
    ...queries,
    async run(sql, values) {
      const done = await queries.run(sql, values);
      rows += 1;
      moment(`statement ${rows} of the last transaction`);
      return done;
    },
  });
  return {
    ...database,
    async transaction(work) {
      const result = await database.transaction(async (queries) => {
        const done = await work(telling(queries));
        moment('all but the commit');
        return done;
      });
      moment('committed');
      return result;
    },
  };
}

const { trainingSettings } = await import('../../src/config.ts');
const { openModelStore } = await import('../../src/models/open-store.ts');
const { runTraining } = await import('../../src/training/run-training.ts');
const config = readConfig(trainingSettings);
const log = createLog({
  service: 'ml-training',
  destination: { write: (line: string) => moment(String(JSON.parse(line).msg)) },
});
const database = openDatabase({ config: config.database, log, connections: 2 });
moment('connected');
await runTraining({
  database: told(database),
  store: openModelStore(config.models),
  log,
  commit: null,
  now: () => new Date(Date.now() + Number(process.env.CLOCK_AHEAD_MS ?? 0)),
  mayGoOn: async () => {
    passes += 1;
    moment(`pass ${passes}`);
  },
});
await database.close();
