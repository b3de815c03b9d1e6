import type {
  GuardedCalls,
  GuardedOutput,
  KubectlCall,
  KubectlOutput,
} from '../../src/target/target.ts';

interface LeaseObject {
  readonly metadata: { readonly name: string; readonly resourceVersion?: string };
  readonly spec: {
    readonly holderIdentity?: string | undefined;
    readonly leaseTransitions: number;
  };
}

const done = (object: unknown): KubectlOutput => ({
  exitCode: 0,
  stdout: typeof object === 'string' ? object : JSON.stringify(object),
  stderr: '',
});
const refused = (reason: string): KubectlOutput => ({
  exitCode: 1,
  stdout: '',
  stderr: `Error from server (${reason}): leases.coordination.k8s.io "whatsthecraic-release"\n`,
});

/** The API server's side of a Lease, as far as we use it: versions, conflicts, JSON patches. */
export class LeaseApi {
  lease: LeaseObject | undefined;

  /** Undefined for a call that is not about Leases. */
  answer({ args, input = '' }: KubectlCall): KubectlOutput | undefined {
    const [verb, what, path = ''] = args;
    if (verb === 'patch' && what === 'lease') return this.#patch(args);
    if (what !== '--raw' || !path.includes('/leases')) return undefined;
    if (verb === 'get') return this.lease ? done(this.lease) : refused('NotFound');
    const asked = JSON.parse(input) as LeaseObject;
    const { resourceVersion } = asked.metadata;
    if (verb === 'create') return this.lease ? refused('AlreadyExists') : this.#store(asked);
    if (!this.lease) return refused('NotFound');
    const isCurrent = resourceVersion === this.lease.metadata.resourceVersion;
    return isCurrent ? this.#store(asked) : refused('Conflict');
  }

  #patch(args: readonly string[]): KubectlOutput {
    const patch = JSON.parse(args.find((it) => it.startsWith('--patch='))?.slice(8) ?? '[]');
    const holds = this.lease?.spec.holderIdentity !== undefined;
    if (!this.lease || !holds || patch[0].value !== this.lease.spec.leaseTransitions) {
      return refused('Invalid');
    }
    this.#store({ ...this.lease, spec: { ...this.lease.spec, holderIdentity: undefined } });
    return done('lease.coordination.k8s.io/whatsthecraic-release\n');
  }

  #store(object: LeaseObject): KubectlOutput {
    const version = Number(this.lease?.metadata.resourceVersion ?? 100) + 1;
    const metadata = { ...object.metadata, resourceVersion: String(version) };
    this.lease = JSON.parse(JSON.stringify({ ...object, metadata }));
    return done(this.lease);
  }
}

/** What a target does with guarded calls, in memory: each text runs once and is answered alike. */
export function guardedBy(answer: (call: KubectlCall) => KubectlOutput) {
  const ran = new Map<string, GuardedOutput>();
  return ({ id, guard, marker, calls, reads = [] }: GuardedCalls): GuardedOutput => {
    const first = ran.get(id);
    if (first) return first;
    let passed = answer(guard);
    if (passed.exitCode !== 0) {
      const found = answer(marker);
      if (!found.stdout.includes(id)) return { guard: passed, outputs: [], reads: [] };
      passed = found;
    }
    const outputs: KubectlOutput[] = [];
    for (const call of calls) {
      const output = answer(call);
      outputs.push(output);
      if (output.exitCode !== 0) break;
    }
    const whole = outputs.every((output) => output.exitCode === 0);
    const result = { guard: passed, outputs, reads: whole ? reads.map(answer) : [] };
    ran.set(id, result);
    return result;
  };
}
