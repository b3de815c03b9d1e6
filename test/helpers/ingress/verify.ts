import type { ExecutionContext } from 'ava';
import { verifyHealth } from '../../../ci/src/health/verify.ts';
import { services } from '../../../ci/src/services.ts';
import type { Target } from '../../../ci/src/target/target.ts';
import { hurriedClock } from './hurried-clock.ts';
import type { IngressStage } from './stage.ts';

/** As `verify-health` does it: each service's result, by its name. */
export async function verify(
  { hosts }: Pick<IngressStage, 'hosts'>,
  target: Target,
  names = services.map(({ name }) => name),
) {
  const results = await verifyHealth({
    target,
    hosts,
    services: services.filter(({ name }) => names.includes(name)),
    clock: hurriedClock(),
    soakSeconds: 0,
    certificatesCount: true,
    say: () => undefined,
  });
  return new Map(results.map((it) => [it.service, it]));
}

interface Expected {
  readonly service: string;
  readonly message: RegExp;
  readonly target?: Target;
}

/** Verifies until it says so: Traefik takes a change within two seconds. */
export async function becomes(
  t: ExecutionContext,
  stage: IngressStage,
  { service, message, target = stage.targets.ssm }: Expected,
): Promise<void> {
  const deadline = Date.now() + 20_000;
  let said = '';
  do {
    const health = (await verify(stage, target, [service])).get(service);
    said = `${health?.healthy ? 'healthy' : 'ill'}: ${health?.message}`;
  } while (!message.test(said) && Date.now() < deadline);
  t.log(said);
  t.regex(said, message);
}
