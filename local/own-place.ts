import { fileURLToPath } from 'node:url';
import { namespace } from '../ci/src/namespace.ts';
import { openTarget } from '../ci/src/target/open-target.ts';
import { createAdmin } from './admin.ts';
import { createDatabase } from './mariadb/databases.ts';
import type { Place } from './place.ts';
import { startServers } from './servers.ts';
import { schemaName } from './site-database.ts';
import type { Instance } from './state.ts';

const frontDoorProgram = fileURLToPath(new URL('./front-door.ts', import.meta.url));

/** The instance's own servers; the cluster is reached over SSM, as production is. */
export async function ownPlace(instance: Instance, say: (text: string) => void): Promise<Place> {
  const { aws, cluster, database, registry, sourcesUrl } = await startServers(instance, say);
  return {
    isOwn: true,
    instanceId: database.instanceId,
    kubectl: cluster.kubectl,
    kubeconfig: cluster.kubeconfig,
    registry: `http://${registry}`,
    sourcesUrl,
    openTarget: () =>
      openTarget({
        overlay: 'local',
        instanceId: aws.instanceId,
        aws: { region: aws.region, endpoint: aws.endpoint, ...aws.credentials },
      }),
    prepareDatabase: async () => {
      const { app, migrate } = await createDatabase(database, schemaName);
      const at = { host: database.host, port: database.port, name: schemaName };
      return { app: { ...at, ...app }, migrate: { ...at, ...migrate } };
    },
    frontDoor: async (port) => {
      const admin = createAdmin(cluster.kubectl, cluster.kubeconfig);
      const path = 'jsonpath={.spec.clusterIP}:{.spec.ports[0].port}';
      const service = ['service', 'aggregator', `--namespace=${namespace}`];
      const address = await admin(['get', ...service, '-o', path]);
      return [process.execPath, frontDoorProgram, '--port', String(port), '--to', address];
    },
  };
}
