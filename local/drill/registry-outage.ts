import { setTimeout as sleep } from 'node:timers/promises';
import { stopServer } from '../processes.ts';
import { startRegistry } from '../registry.ts';
import type { Stage } from './stage.ts';

/** Stops the registry and starts it again, with what it holds, after some seconds or after the drill. */
export async function registryOutage(
  { instance, servers, after }: Stage,
  seconds = Number.POSITIVE_INFINITY,
): Promise<void> {
  await stopServer(instance, 'registry');
  const start = () => startRegistry(instance, { address: servers.cluster.hostAddress });
  if (!Number.isFinite(seconds)) {
    after(start);
    return;
  }
  const back = sleep(seconds * 1_000).then(start);
  after(() => back);
}
