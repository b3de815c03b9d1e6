import test from 'ava';
import { judge } from '../../src/rollout/judge.ts';
import type { Snapshot } from '../../src/rollout/kubernetes.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';
import { type PodShape, ready, rollout } from './cluster.ts';

/** A situation of `dj-service` and what it is judged to be. */
export interface Row {
  readonly of: Snapshot;
  readonly is: `${Verdict['state']} ${Verdict['code']}`;
  readonly says?: RegExp;
  readonly pod?: string;
}

export const service = 'dj-service';
export const roll = (shape: Parameters<typeof rollout>[1]) => rollout(service, shape);
/** The verdict on a service whose one new pod looks like this. */
export const judgedPod = (pod: PodShape): Verdict => judge(service, roll({ newPods: [pod] }));
export const old = ready();
export const crash = { code: 1 };
export const oom = { code: 137, reason: 'OOMKilled' };

/** What the controller has seen: less than the change, the change, more than it. */
const frames = [
  ['before the controller looked', -1],
  ['after somebody changed it again', 1],
] as const;

const observedLater = (snapshot: Snapshot, by: number): Snapshot => ({
  ...snapshot,
  deployments: snapshot.deployments.map((it) => ({
    ...it,
    status: { ...it.status, observedGeneration: it.generation + by },
  })),
});

/** Each row in three frames: as it is, before the controller saw the change, and after a later one. */
export function testRows(rows: Readonly<Record<string, Row>>): void {
  for (const [situation, { of, is, says, pod }] of Object.entries(rows)) {
    test(`judge – ${situation} – ${is}`, (t) => {
      const verdict = judge(service, of);
      t.is(`${verdict.state} ${verdict.code}`, is);
      t.is(verdict.service, service);
      if (says) t.regex(verdict.message, says);
      if (pod) t.is(verdict.pod, pod);
    });
    // A row about what the controller has not seen is such a frame itself.
    for (const [when, by] of is === 'waiting NOT_OBSERVED' ? [] : frames) {
      const own = by > 0 || is === 'failed TERMINATING' || is === 'waiting NOT_DEPLOYED';
      const expected = own ? is : 'waiting NOT_OBSERVED';
      test(`judge – ${situation}, ${when} – ${expected}`, (t) => {
        const verdict = judge(service, observedLater(of, by));
        t.is(`${verdict.state} ${verdict.code}`, expected);
      });
    }
  }
}
