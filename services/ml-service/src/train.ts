import { readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { trainingSettings } from './config.ts';
import { openModelStore } from './models/open-store.ts';
import { isDue } from './training/is-due.ts';
import { TrainingLocked, takeTrainingLock } from './training/lock.ts';
import { checkNoRelease, ReleaseUnderWay } from './training/release-lease.ts';
import { runTraining } from './training/run-training.ts';

/**
 * The command: trains if it is time to, or at once with --now. Ends with 0 also when there was nothing
 * to do, and with 1 and the reason when it could not.
 */
const now = () => new Date();
try {
  const config = readConfig(trainingSettings);
  const log = createLog({ service: 'ml-training', commit: config.commit });
  const open = (connections: number) =>
    openDatabase({ config: config.database, log, connections, statementTimeoutMs: 30_000 });
  const holder = open(1);
  const database = open(2);
  try {
    const { apiHost: host, apiPort: port, apiFolder: folder } = config;
    const checkRelease = async () => {
      if (host !== null) await checkNoRelease({ host, port, folder }, now());
    };
    await checkRelease();
    const lock = await takeTrainingLock(holder);
    const mayGoOn = async () => {
      await checkRelease();
      await lock.check();
    };
    const due = process.argv.includes('--now') ? 'now' : await isDue(database, now());
    if (due) {
      log.info({ due }, 'training begins');
      const store = openModelStore(config.models);
      const { commit } = config;
      await runTraining({ database, store, log, commit, now, mayGoOn });
    } else log.info('nothing to train for');
  } finally {
    await Promise.all([holder.close(), database.close()]);
  }
} catch (error) {
  if (error instanceof TrainingLocked || error instanceof ReleaseUnderWay) {
    process.stdout.write(`not trained: ${error.message}\n`);
  } else {
    const { message } = error as Error;
    const reason = rootCause(error);
    process.stderr.write(
      `not trained: ${reason === message ? message : `${message}: ${reason}`}\n`,
    );
    process.exitCode = 1;
  }
}
