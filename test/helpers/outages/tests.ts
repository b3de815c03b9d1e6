import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { createAdmin } from '../../../local/admin.ts';
import { startMariaDb, stopMariaDb } from '../../../local/mariadb.ts';
import { knownNetwork } from '../../../local/network.ts';
import type { Platform } from '../../../local/platform.ts';
import { runningServer } from '../../../local/processes.ts';
import type { Instance } from '../../../local/state.ts';
import { until } from '../../../services/platform/test/helpers/start.ts';
import { askAbout } from '../ask-about.ts';
import { lastingPods } from '../lasting-pods.ts';

export interface OutageOptions {
  readonly instance: Instance;
  readonly platform: Platform;
  /** Milliseconds in which liveness would have given a silent pod up. */
  readonly livenessMs: number;
}

const six = 6;

/**
 * What becomes of the platform when what it stands on is taken from it: registered where the platform's
 * own tests are.
 */
export function outageTests(options: () => OutageOptions): void {
  let asks = 0;
  // Words that nobody has searched for yet: the gateway has no answer to them.
  const asked = async () => {
    asks += 1;
    const answer = await fetch(`${options().platform.url}/v1/djs/search?q=outage${asks}`);
    return [answer.status, ((await answer.json()) as { code?: string }).code];
  };
  const away = [503, 'database_unavailable'];
  const pods = async (path: string) => {
    const { kubectl, kubeconfig } = options().platform.place;
    const all = ['get', 'pods', '--namespace=whatsthecraic', lastingPods];
    const range = `jsonpath={range .items[*]}${path}{"\\n"}{end}`;
    return createAdmin(kubectl, kubeconfig)([...all, '-o', range]);
  };
  const containers =
    '{.status.containerStatuses[0].restartCount} {.status.containerStatuses[0].ready}';
  const startDatabase = async () => {
    const address = (await knownNetwork(options().instance))?.hostAddress ?? '';
    await startMariaDb(options().instance, { address, port: 3306 });
  };

  test.serial('the database frozen, then stopped – pods – stay, and answer again', async (t) => {
    const { instance, platform, livenessMs } = options();
    const database = await runningServer(instance, 'mariadb');

    process.kill(database?.pid ?? 0, 'SIGSTOP');
    try {
      await sleep(livenessMs);
      t.deepEqual(await asked(), away);
      const { status, diagnosis } = await askAbout(await platform.place.openTarget());
      const cause = 'First cause: the database, which 5 services lack.';
      t.is(status.verdict, 'ill');
      t.true(status.summary.endsWith(cause), status.summary);
      t.is(diagnosis.firstCause, cause);
    } finally {
      process.kill(database?.pid ?? 0, 'SIGCONT');
    }
    await stopMariaDb(instance);
    t.deepEqual(await asked(), away);
    await startDatabase();

    await until(async () => (await asked())[0] === 200, 10_000);
    t.is(await pods(containers), '0 true\n'.repeat(six));
  });
}
