import { type ServiceHealth, verifyHealth } from '../../src/health/verify.ts';
import { findService, type Service } from '../../src/services.ts';
import type { Probe } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget, healthBody, type Script } from '../fake-target.ts';
import { cluster, ready, rollout } from '../rollout/cluster.ts';

export const source = 'src-1f2e3d4c';
export const good = (probe: Probe) => healthBody(probe.service, source);
export const two = () =>
  cluster(
    rollout('aggregator', { newPods: [ready()], source }),
    rollout('dj-service', { newPods: [ready()], source }),
  );

export interface Outcome {
  readonly results: readonly ServiceHealth[];
  readonly seconds: number;
  readonly said: readonly string[];
  readonly probedAt: readonly number[];
}

/** Verifies the aggregator and the dj-service, or others, on a clock of the test's own. */
export async function verify(
  script: Partial<Script>,
  soakSeconds = 0,
  services: readonly Service[] = [findService('aggregator'), findService('dj-service')],
): Promise<Outcome> {
  const clock = fakeClock();
  const target = fakeTarget(clock, { cluster: two, health: good, ...script });
  const said: string[] = [];
  const results = await verifyHealth({
    target,
    services,
    clock,
    soakSeconds,
    say: (line) => said.push(line),
  });
  return { results, said, seconds: clock.seconds(), probedAt: target.probedAt };
}
export const healthy = ({ results }: Outcome) => results.map((it) => it.healthy);
export const message = ({ results }: Outcome, index = 0) => results[index]?.message;
