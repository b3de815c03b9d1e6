import type { Clock } from '../../src/clock.ts';
import { type Taken, type TakeOptions, takeLease } from '../../src/release/take-lease.ts';
import type { GuardedCalls, KubectlCall, KubectlOutput, Target } from '../../src/target/target.ts';
import { guardedBy, LeaseApi } from './lease-api.ts';

const done: KubectlOutput = { exitCode: 0, stdout: '', stderr: '' };

/** A namespace with nothing but its Lease, and a log of the changes that it let pass. */
export function leaseWorld() {
  const leases = new LeaseApi();
  /** `<generation> <what>` of every change, in the order in which they ran. */
  const changes: string[] = [];
  const answer = (call: KubectlCall): KubectlOutput => {
    const lease = leases.answer(call);
    if (lease) return lease;
    if (call.args.includes('refused')) return { exitCode: 3, stdout: '', stderr: 'no' };
    changes.push(`${leases.lease?.spec.leaseTransitions} ${call.args.join(' ')}`);
    return done;
  };
  const guarded = guardedBy(answer);
  const target: Target = {
    description: 'a cluster in memory',
    namespace: 'whatsthecraic',
    kubectl: async (calls) => calls.map(answer),
    guarded: async (calls: GuardedCalls) => guarded(calls),
    probe: async () => [],
  };
  return { target, leases, changes };
}

export const changeOf = (what: string): KubectlCall => ({ args: ['change', what] });

/** Takes the Lease as a client of that name. */
export const takeAs = (
  name: string,
  target: Target,
  clock: Clock,
  more: Partial<TakeOptions> = {},
): Promise<Taken> =>
  takeLease({
    ...{ target, clock, release: name, by: `${name}@laptop`, waitSeconds: 90, reads: [] },
    say: () => {},
    ...more,
  });
