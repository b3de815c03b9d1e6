import { dirname } from 'node:path';
import { type Aws, startAws, stopAws } from './aws/index.ts';
import { type Cluster, startKubernetes, stopKubernetes } from './kubernetes/index.ts';
import { type MariaDb, startMariaDb, stopMariaDb } from './mariadb.ts';
import { startRegistry, stopRegistry } from './registry.ts';
import { startSources, stopSources } from './sources/index.ts';
import type { Instance } from './state.ts';

/** What takes the place of EC2, ECR, RDS and the paid APIs on one machine. */
export interface Servers {
  readonly cluster: Cluster;
  readonly database: MariaDb;
  /** `host:port` of the image registry, the same for this machine and for the cluster. */
  readonly registry: string;
  readonly aws: Aws;
  /** Where the stand-ins of the paid APIs answer, pods too. */
  readonly sourcesUrl: string;
}

/** Any valid id will do: there is one instance, and the stand-in knows no other. */
const instanceId = 'i-0123456789abcdef0';

/** Starts all servers of an instance; those that run already are kept. */
export async function startServers(
  instance: Instance,
  say: (text: string) => void,
): Promise<Servers> {
  const cluster = await startKubernetes(instance, { say });
  const [database, registry, aws, sourcesUrl] = await Promise.all([
    startMariaDb(instance, { address: cluster.hostAddress, port: 3306, say }),
    startRegistry(instance, { address: cluster.hostAddress }),
    startAws(instance, {
      node: {
        id: instanceId,
        enter: cluster.enter,
        online: true,
        env: {
          PATH: [dirname(cluster.kubectl), process.env.PATH].join(':'),
          KUBECONFIG: cluster.kubeconfig,
        },
      },
    }),
    startSources(instance, { address: cluster.hostAddress }),
  ]);
  say('Kubernetes, MariaDB, the registry, AWS and the sources of events answer');
  return { cluster, database, registry: registry.address, aws, sourcesUrl };
}

/** Stops all servers of an instance, the cluster last: the others listen on its link. */
export async function stopServers(instance: Instance, say: (text: string) => void): Promise<void> {
  const others = [stopAws, stopMariaDb, stopRegistry, stopSources];
  await Promise.all(others.map((stop) => stop(instance)));
  await stopKubernetes(instance, { say });
}
