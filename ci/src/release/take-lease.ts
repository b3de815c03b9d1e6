import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { patiently } from '../patiently.ts';
import { saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import { HeldLease } from './held-lease.ts';
import { type KnownReads, stillKnown } from './known-reads.ts';
import {
  changeSeconds,
  type Lease,
  leaseSeconds,
  parseLease,
  readCall,
  writeCall,
} from './lease.ts';
import { lookAtLease, refusal, send } from './lease-calls.ts';
import { LeaseWatch } from './lease-watch.ts';

export interface TakeOptions {
  readonly target: Target;
  readonly clock: Clock;
  readonly say: (line: string) => void;
  /** Id of the release that is to come. */
  readonly release: string;
  /** Who takes it; empty if nobody told. */
  readonly by: string;
  /** Seconds to wait for somebody else. */
  readonly waitSeconds: number;
  /** Whether the caller knows by other means that whoever holds the Lease is dead. */
  readonly holderIsDead?: boolean | undefined;
  /** What was seen of the Lease before; time that passed since then counts. */
  readonly watch?: LeaseWatch;
  /** The namespace, in case that it is not there yet. */
  readonly namespace?: KubernetesObject | undefined;
  /** Read side by side once the Lease is ours, in the same round trip. */
  readonly reads: readonly KubectlCall[];
  /** What was read of that before; where it still stands, it is not read again, and the first change takes the Lease. */
  readonly known?: KnownReads | undefined;
}

export interface Taken {
  readonly held: HeldLease;
  readonly reads: readonly KubectlOutput[];
  /** Whether they are what was known before. */
  readonly areKnown: boolean;
}

/** Milliseconds between two looks at a Lease that somebody holds. */
const pauseMs = 2_000;

/** Others that may be faster in a row before something else is wrong. */
const toleratedLosses = 30;

/** Takes the Lease, waiting for whoever holds it; throws LOCKED, and says who that is, if it takes too long. */
export async function takeLease(options: TakeOptions): Promise<Taken> {
  const { target, clock, say, waitSeconds, watch = new LeaseWatch(clock) } = options;
  const deadline = clock.monotonic() + waitSeconds * 1_000;
  const look = async () => watch.see(await patiently(clock, () => lookAtLease(target)));
  let told = '';
  let losses = 0;
  if (!watch.last) await look();
  for (;;) {
    const seen = watch.last as Lease;
    if ((watch.isFree() || options.holderIsDead) && losses < toleratedLosses) {
      if (seen.holder) say(`release ${seen.holder} is given up: nobody renews its Lease`);
      const taken = await take(seen, options);
      if (taken) return taken;
      losses += 1;
    } else {
      if (clock.monotonic() >= deadline) throw locked(target, seen, waitSeconds);
      if (told !== seen.holder) say(`${heldBy(target, seen)}; waiting for up to ${waitSeconds} s`);
      told = seen.holder;
      await clock.sleep(Math.min(pauseMs, Math.max(1, deadline - clock.monotonic())));
    }
    await look();
  }
}

/** Undefined if somebody else was faster. */
async function take(seen: Lease, options: TakeOptions): Promise<Taken | undefined> {
  const { target, clock, release, by, reads } = options;
  const marker = randomUUID();
  const now = clock.now();
  const lease: Lease = {
    ...{ version: seen.version, generation: seen.generation + 1, since: now.toISOString() },
    ...{ holder: release, by, step: 'begin', marker },
  };
  const known = stillKnown(options.known, reads, { lease: seen, now: clock.monotonic() });
  // There is nothing to ask for: the first change takes it.
  if (known) {
    return { held: new HeldLease(target, clock, lease, false), reads: known, areKnown: true };
  }
  const guard = writeCall(target.namespace, lease, now);
  const text = {
    id: marker,
    guard,
    marker: readCall(target.namespace),
    calls: [],
    reads,
    withinSeconds: changeSeconds,
  };
  const output = await patiently(clock, () => send(target, text)).catch((error: unknown) => {
    if (error instanceof PipelineError && error.code === 'COMMAND_ANSWER_LOST') return undefined;
    throw error;
  });
  if (!output) return undefined;
  if (refusal(output.guard)) {
    if (lacksNamespace(output.guard)) await makeNamespace(options, output.guard);
    return undefined;
  }
  const { version } = parseLease(output.guard);
  const held = new HeldLease(target, clock, { ...lease, version });
  return { held, reads: output.reads, areKnown: false };
}

const lacksNamespace = ({ stderr }: KubectlOutput): boolean =>
  /namespaces "[^"]+" not found/.test(stderr);

/** A Lease needs its namespace: of all that a release applies this alone comes before the guard. */
async function makeNamespace(
  { target, namespace }: TakeOptions,
  refused: KubectlOutput,
): Promise<void> {
  const output = namespace ? (await target.kubectl([applyCall([namespace])]))[0] : refused;
  if (output?.exitCode === 0) return;
  throw new PipelineError(
    'APPLY_FAILED',
    `The namespace ${target.namespace} cannot be made on ${target.description}: ${saidBy(output)}`,
  );
}

const heldBy = ({ description }: Target, { holder, by, since, step }: Lease): string =>
  `${description} is being changed${by ? ` by ${by}` : ''} since ${since}: release ${holder}, at the step "${step}"`;

const locked = (target: Target, seen: Lease, waited: number): PipelineError =>
  new PipelineError('LOCKED', `${heldBy(target, seen)}. It was waited for, ${waited} s.`, {
    cure: `Try again when it has ended, or wait for it with --wait 600. If it is dead, it frees itself: give --wait ${leaseSeconds + 30}.`,
  });
