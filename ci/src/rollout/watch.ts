import type { Clock } from '../clock.ts';
import { mayPass, patiently } from '../patiently.ts';
import { redactAll } from '../redact.ts';
import type { Target } from '../target/target.ts';
import { judge } from './judge.ts';
import type { Snapshot } from './kubernetes.ts';
import { OldAnswers } from './old-answers.ts';
import { type Suspicion, settle } from './settle.ts';
import { takeSnapshot } from './snapshot.ts';
import type { Verdict } from './verdict.ts';
import { askUnready, waitingLine } from './waiting-line.ts';

export interface WatchOptions {
  readonly target: Target;
  readonly services: readonly string[];
  readonly clock: Clock;
  /** Seconds after which what is not ready counts as failed. */
  readonly timeoutSeconds: number;
  /** Called with one short line whenever a service's state changes. */
  readonly say: (line: string) => void;
  /** What was seen just now, if anything was. */
  readonly firstLook?: Snapshot | undefined;
  /** Called with each look at the cluster. */
  readonly onLook?: (snapshot: Snapshot) => void;
}

export interface Watched {
  /** One verdict a service, in the order asked: `ready` or `failed`. */
  readonly verdicts: readonly Verdict[];
  readonly snapshot: Snapshot;
  /** Seconds from the start of the watch to the moment each service was ready, by name. */
  readonly readyAfter: ReadonlyMap<string, number>;
}

/** Milliseconds between looks; over SSM a look itself takes longer. */
const pauseMs = 250;

/** Seconds after which a line is said even if nothing changed. */
const heartbeatSeconds = 8;

/** Watches all rollouts together until each is ready or certain to fail. */
export async function watchRollouts(options: WatchOptions): Promise<Watched> {
  const { target, services, clock, say } = options;
  const started = clock.monotonic();
  const elapsed = () => (clock.monotonic() - started) / 1_000;
  const suspicions = new Map<string, Suspicion | undefined>();
  const final = new Map<string, Verdict>();
  const readyAfter = new Map<string, number>();
  const said = new Map<string, string>();
  const oldAnswers = new OldAnswers(target, clock);
  let lastSaid = 0;
  let { firstLook } = options;

  for (;;) {
    const snapshot = firstLook ?? (await patiently(clock, () => takeSnapshot(target)));
    firstLook = undefined;
    options.onLook?.(snapshot);
    for (const service of services) {
      const earlier = final.get(service);
      if (earlier?.state === 'failed') continue;
      const look = await withOldAnswers(redactAll(judge(service, snapshot)), snapshot, oldAnswers);
      const settled = settle(look, suspicions.get(service), clock.monotonic());
      suspicions.set(service, settled.suspicion);
      // A service that was ready may fall back while the others still roll.
      final.set(service, settled.verdict);
      if (settled.verdict.state === 'ready' && !readyAfter.has(service)) {
        readyAfter.set(service, elapsed());
      }
      const line = `${service}: ${settled.verdict.message}`;
      if (said.get(service) === line) continue;
      said.set(service, line);
      say(line);
      lastSaid = elapsed();
    }
    const open = [...final.values()].filter((it) => it.state !== 'ready' && it.state !== 'failed');
    if (open.length === 0 || elapsed() > options.timeoutSeconds) {
      const verdicts = [...final.values()].map((it) => atDeadline(it, options.timeoutSeconds));
      return { verdicts, snapshot, readyAfter };
    }
    if (elapsed() - lastSaid > heartbeatSeconds) {
      say(waitingLine(open, await askUnready(target, open, snapshot), elapsed()));
      lastSaid = elapsed();
    }
    await clock.sleep(pauseMs);
  }
}

/** What old pods still do is told beside the verdict, and is no reason to end the watch. */
async function withOldAnswers(
  look: Verdict,
  snapshot: Snapshot,
  oldAnswers: OldAnswers,
): Promise<Verdict> {
  if (look.code !== 'OLD_PODS_REMAIN') return look;
  const more = await oldAnswers.describe(look.service, snapshot).catch((error: unknown) => {
    if (!mayPass(error)) throw error;
    return undefined;
  });
  return more === undefined ? look : { ...look, message: `${look.message}; ${more}` };
}

function atDeadline(verdict: Verdict, seconds: number): Verdict {
  if (verdict.state === 'ready' || verdict.state === 'failed') return verdict;
  // These say how far it came, not why it went no further.
  const unexplained = verdict.code === 'ROLLING' || verdict.code === 'NOT_OBSERVED';
  const unknown = verdict.unexplained ? ', for a reason that is not known here' : '';
  return {
    ...verdict,
    state: 'failed',
    code: unexplained ? 'TIMED_OUT' : verdict.code,
    message: `not done after ${seconds} s${unknown}: ${verdict.message}`,
  };
}
