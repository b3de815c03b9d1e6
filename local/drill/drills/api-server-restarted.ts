import { setTimeout as sleep } from 'node:timers/promises';
import { kubernetesFolder } from '../../kubernetes/cluster.ts';
import { startApiServer } from '../../kubernetes/control-plane.ts';
import { knownNetwork } from '../../network.ts';
import { stopServer } from '../../processes.ts';
import type { Drill } from '../drill.ts';
import { onLine, rollOne } from '../roll-one.ts';
import type { Stage } from '../stage.ts';

export const drill: Drill = {
  what: 'the API server is stopped in the middle of a rollout and comes back 8 s later',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 120 },
  run: async (stage) => {
    let restarted = Promise.resolve();
    const objects = rollOne('aggregator');
    const release = await stage.deploy({
      objects,
      soakSeconds: 5,
      say: onLine(/^applied/, () => {
        restarted = restart(stage);
        restarted.catch(() => undefined);
      }),
    });
    await restarted;
    stage.keep('aggregator', { objects });
    const { code = '' } = release.services.find((it) => it.service === 'aggregator') ?? {};
    return { code, state: release.state, seconds: release.seconds.total };
  },
};

async function restart({ instance, servers }: Stage): Promise<void> {
  const network = await knownNetwork(instance);
  if (!network) throw new Error('the cluster has no network');
  await stopServer(instance, 'kube-apiserver');
  await sleep(8_000);
  const folder = kubernetesFolder(instance);
  await startApiServer({ instance, network, folder, binFolder: servers.cluster.binFolder });
}
