import type { Finding } from '../health/identity.ts';
import type { Standing } from '../release/record.ts';
import { runningImage } from '../rollout/changed-pods.ts';
import { judge } from '../rollout/judge.ts';
import type { Pod } from '../rollout/kubernetes.ts';
import { isReady, podsOf } from '../rollout/pods-of.ts';
import type { Service } from '../services.ts';
import type { Look } from './ask.ts';
import type { ServiceStatus, Use } from './status.ts';

/** How one service is, as a look at the platform shows it; `recorded` is what should run. */
export function judgeService(
  { name, critical }: Service,
  look: Look,
  recorded: Standing | undefined,
): ServiceStatus {
  const { snapshot } = look;
  const deployment = snapshot.deployments.find((it) => it.name === name);
  const { newPods, oldPods } = deployment
    ? podsOf(deployment, snapshot)
    : { newPods: [], oldPods: [] };
  const pods = [...newPods, ...oldPods];
  const verdict = judge(name, snapshot);
  const image = runningImage(name, snapshot) ?? '';
  const trouble = troubleOf(look.findings?.filter((it) => it.service === name) ?? []);
  const stranger = strangerOf(image, recorded);
  const progress = verdict.state === 'ready' ? '' : verdict.message;
  const said = [progress, trouble, stranger].filter(Boolean);
  const rolls = verdict.state === 'waiting' && deployment !== undefined;
  return {
    service: name,
    critical,
    state: said.length === 0 ? 'well' : rolls ? 'rolling' : 'ill',
    message: said.join('; ') || degradedOf(look.findings ?? [], name),
    image,
    source: deployment?.source ?? '',
    commit: deployment?.commit ?? '',
    pods: {
      ready: newPods.filter(isReady).length,
      wanted: deployment?.replicas ?? 0,
      old: oldPods.length,
    },
    restarts: pods.reduce((sum, pod) => sum + restarts(pod), 0),
    ...useOf(name, pods, look),
  };
}

const troubleOf = (findings: readonly Finding[]): string =>
  findings
    .filter((it) => !it.healthy)
    .map(({ subject, message }) => `pod ${subject} ${message}`)
    .join('; ');

/** A service may serve and yet say that something it can do without is away. */
const degradedOf = (findings: readonly Finding[], service: string): string =>
  findings.find((it) => it.service === service && it.healthy && it.message !== 'says ok')
    ?.message ?? '';

/** Whether something else runs than what the release left there. */
function strangerOf(image: string, recorded: Standing | undefined): string {
  const digest = /@(sha256:[0-9a-f]{64})$/;
  const [, runs] = digest.exec(image) ?? [];
  const [, should] = digest.exec(recorded?.image ?? '') ?? [];
  if (!runs || !should || runs === should) return '';
  return `runs ${runs.slice(0, 19)}, and its release recorded ${should.slice(0, 19)}`;
}

function useOf(service: string, pods: readonly Pod[], { use, resources }: Look) {
  const asked = resources?.get(service);
  const of = (resource: 'cpu' | 'memory'): Use => {
    const told = pods.map((pod) => use?.pods.get(pod.name)?.[resource]);
    const known = told.filter((it) => it !== undefined);
    const requested = asked?.requests[resource];
    const limit = asked?.limits[resource];
    return {
      ...(known.length > 0 ? { used: known.reduce((a, b) => a + b, 0) } : {}),
      ...(requested === undefined ? {} : { requested: requested * pods.length }),
      ...(limit === undefined ? {} : { limit: limit * pods.length }),
    };
  };
  return { cpu: of('cpu'), memory: of('memory') };
}

const restarts = (pod: Pod): number =>
  (pod.status.containerStatuses ?? []).reduce((sum, it) => sum + it.restartCount, 0);
