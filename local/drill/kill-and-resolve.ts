import assert from 'node:assert/strict';
import { type Clock, systemClock } from '../../ci/src/clock.ts';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { resolveDead } from '../../ci/src/release/resolve-dead.ts';
import type { Release } from '../../ci/src/report/release.ts';
import { leapingClock } from './leaping-clock.ts';
import type { Stage } from './stage.ts';
import { killClientAt } from './start-client.ts';

export interface Kill {
  readonly change: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[];
  /** What the client says when it is killed. */
  readonly at: RegExp;
  /**
   * Whether the minute in which it might still live is leapt over. For kills after which nothing that it
   * sent is on its way any more: a text may run for most of that minute.
   */
  readonly leaps?: boolean;
}

/** Kills a client at a line, waits until nobody can think that it lives, and ends what it left. */
export async function killAndResolve(
  stage: Stage,
  { change, at, leaps = false }: Kill,
): Promise<Release> {
  await killClientAt(stage, change, at);
  const asked = { overlay: 'local', target: stage.target, soakSeconds: 3 };
  // At once nobody can know that it is dead.
  assert.equal((await resolveDead({ ...asked, say: stage.say })).finished, undefined);
  const clock: Clock & { land?: () => void } = leaps ? leapingClock() : systemClock;
  const say = (line: string) => {
    if (/is given up: nobody renews its Lease/.test(line)) clock.land?.();
    stage.say(line);
  };
  const { finished } = await resolveDead({ ...asked, clock, say, waitSeconds: 90 });
  assert.ok(finished, 'it was left unfinished');
  assert.equal(finished.by, 'a client that dies');
  return finished;
}
