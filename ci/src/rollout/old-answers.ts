import type { Clock } from '../clock.ts';
import { podProxyPath } from '../target/pod-proxy.ts';
import type { Target } from '../target/target.ts';
import type { Pod, Snapshot } from './kubernetes.ts';
import { podsOf } from './pods-of.ts';

/** Where every service tells its metrics. */
const metricsPort = 9464;
/** What Kubernetes itself asks is nobody's request. */
const answered =
  /^http_request_duration_seconds_count\{(?![^}]*route="\/(?:health|livez|readyz|metrics)")[^}]*\} (\d+)/gm;

/** Milliseconds for which an old pod may end as it should before anybody wonders. */
const graceMs = 12_000;
const betweenMs = 4_000;

interface Count {
  readonly atMs: number;
  /** Requests that each pod has answered, by name. */
  readonly byPod: ReadonlyMap<string, number>;
}

/**
 * Tells who still gets answers from pods of the previous release: whoever keeps a connection goes on
 * with the old pod, which no question of a stranger would show. The pods count their answers.
 */
export class OldAnswers {
  readonly #target: Target;
  readonly #clock: Clock;
  readonly #endingSince = new Map<string, number>();
  readonly #counts = new Map<string, Count>();
  readonly #shares = new Map<string, string>();

  constructor(target: Target, clock: Clock) {
    this.#target = target;
    this.#clock = clock;
  }

  /** A sentence on a service whose old pods remain too long; undefined while there is nothing to say. */
  async describe(service: string, snapshot: Snapshot): Promise<string | undefined> {
    const deployment = snapshot.deployments.find((it) => it.name === service);
    if (!deployment) return undefined;
    const { newPods, oldPods } = podsOf(deployment, snapshot);
    const now = this.#clock.monotonic();
    const ending = oldPods.filter((pod) => pod.deleting);
    for (const { uid } of ending) {
      if (!this.#endingSince.has(uid)) this.#endingSince.set(uid, now);
    }
    const slow = ending.filter(({ uid }) => now - (this.#endingSince.get(uid) ?? now) > graceMs);
    if (slow.length === 0) return undefined;
    await this.#count(service, slow, newPods, now);
    const names = slow.map((pod) => pod.name).join(', ');
    const since = Math.min(...slow.map(({ uid }) => this.#endingSince.get(uid) ?? now));
    const told = `told to end more than ${Math.floor((now - since) / 10_000) * 10} s ago, ${names} ignores SIGTERM`;
    return [this.#shares.get(service), told].filter(Boolean).join('; ');
  }

  async #count(
    service: string,
    old: readonly Pod[],
    newPods: readonly Pod[],
    now: number,
  ): Promise<void> {
    const before = this.#counts.get(service);
    if (before && now - before.atMs < betweenMs) return;
    const pods = [...old, ...newPods];
    const path = (pod: Pod) =>
      podProxyPath(this.#target.namespace, pod.name, metricsPort, 'metrics');
    const outputs = await this.#target.kubectl(
      pods.map((pod) => ({ args: ['get', '--raw', path(pod)], timeoutSeconds: 5 })),
    );
    const byPod = new Map<string, number>();
    for (const [index, pod] of pods.entries()) {
      const output = outputs[index];
      if (output?.exitCode === 0) byPod.set(pod.name, sum(output.stdout));
    }
    this.#counts.set(service, { atMs: now, byPod });
    if (!before) return;
    const share = shareOf(old, before.byPod, byPod);
    if (share === undefined) return;
    const seconds = Math.round((now - before.atMs) / 1_000);
    const text = `${Math.round(share * 100)} % of the answers of ${seconds} s came from the previous release`;
    this.#shares.set(service, text);
  }
}

const sum = (metrics: string): number =>
  [...metrics.matchAll(answered)].reduce((total, [, count]) => total + Number(count), 0);

/** The part of new answers that old pods gave; undefined if nobody asked. */
export function shareOf(
  old: readonly Pick<Pod, 'name'>[],
  before: ReadonlyMap<string, number>,
  now: ReadonlyMap<string, number>,
): number | undefined {
  const names = new Set(old.map((pod) => pod.name));
  let ofOld = 0;
  let all = 0;
  for (const [name, count] of now) {
    const more = count - (before.get(name) ?? count);
    all += more;
    if (names.has(name)) ofOld += more;
  }
  return all > 0 ? ofOld / all : undefined;
}
