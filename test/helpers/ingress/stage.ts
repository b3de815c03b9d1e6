import { join } from 'node:path';
import { hostsOf } from '../../../ci/src/health/declared-hosts.ts';
import type { IngressHost } from '../../../ci/src/health/vantage-points.ts';
import { parseManifests } from '../../../ci/src/manifests/text.ts';
import { runProcess } from '../../../ci/src/process.ts';
import { openTarget } from '../../../ci/src/target/open-target.ts';
import type { Target } from '../../../ci/src/target/target.ts';
import { type Admin, createAdmin } from '../../../local/admin.ts';
import { startKubernetes } from '../../../local/kubernetes/index.ts';
import type { Platform } from '../../../local/platform.ts';
import type { Instance } from '../../../local/state.ts';
import { startTraefik, stopTraefik, type Traefik } from '../../../local/traefik/index.ts';
import { until } from '../../../services/platform/test/helpers/start.ts';

/** A platform behind Traefik, under the hosts of production. */
export interface IngressStage {
  readonly instance: Instance;
  readonly admin: Admin;
  readonly traefik: Traefik;
  readonly restartTraefik: () => Promise<unknown>;
  /** As production's Ingress declares them. */
  readonly hosts: readonly IngressHost[];
  /** The two ways in which the pipeline asks. */
  readonly targets: { readonly ssm: Target; readonly kubeconfig: Target };
  /** Puts production's Ingress as it is, or changed. */
  readonly putIngress: (change?: (text: string) => string) => Promise<void>;
  /** Takes away what it has brought: the platform is as before. */
  readonly end: () => Promise<void>;
}

export interface IngressStageOptions {
  readonly instance: Instance;
  readonly repository: string;
  readonly platform: Platform;
}

export async function setIngressStage({
  instance,
  repository,
  platform,
}: IngressStageOptions): Promise<IngressStage> {
  const { kubectl, kubeconfig } = platform.place;
  const admin = createAdmin(kubectl, kubeconfig);
  const overlay = join(repository, 'k8s/overlays/production');
  const { stdout } = await runProcess([kubectl, 'kustomize', overlay], { timeoutMs: 30_000 });
  const ingress = parseManifests(stdout).find(({ kind }) => kind === 'Ingress');
  const hosts = hostsOf(ingress ? [ingress] : []);
  const cluster = await startKubernetes(instance);
  const start = () =>
    startTraefik(instance, cluster, {
      hosts: hosts.map(({ host }) => host),
      say: () => undefined,
    });
  const traefik = await start();
  const putIngress = async (change = (text: string) => text) => {
    await admin(['apply', '--server-side', '-f', '-'], change(JSON.stringify(ingress)));
  };
  await putIngress();
  const address = 'jsonpath={.items[*].status.loadBalancer.ingress[0].ip}';
  const read = ['get', 'ingresses', '--namespace=whatsthecraic', '-o', address];
  await until(async () => (await admin(read)) === traefik.address, 20_000);
  const targets = {
    ssm: await platform.place.openTarget(),
    kubeconfig: await openTarget({ overlay: 'local', kubectl, kubeconfig }),
  };
  const end = async () => {
    await admin(['delete', 'ingress', '--all', '--namespace=whatsthecraic']);
    await stopTraefik(instance);
  };
  return { instance, admin, traefik, restartTraefik: start, hosts, targets, putIngress, end };
}
