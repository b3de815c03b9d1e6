import { type Clock, systemClock } from '../../ci/src/clock.ts';
import type { Target } from '../../ci/src/target/target.ts';
import type { BareStage, Stage } from './stage.ts';

/**
 * The same stage, on which nothing happens any more once a drill's time is over: what the drill asks
 * for from then on fails at once, and so the drill ends, wherever it is.
 */
export function untilOver(stage: BareStage, over: AbortSignal): Stage {
  const target = targetUntil(stage.target, over);
  const clock = clockUntil(over);
  return {
    ...stage,
    over,
    target,
    admin: (args, input) => orOver(over, () => stage.admin(args, input)),
    deploy: (change) => stage.deploy({ target, clock, say: stage.say, ...change }),
  };
}

const targetUntil = (target: Target, over: AbortSignal): Target => ({
  description: target.description,
  namespace: target.namespace,
  kubectl: (calls) => orOver(over, () => target.kubectl(calls)),
  guarded: (calls) => orOver(over, () => target.guarded(calls)),
  probe: (probes) => orOver(over, () => target.probe(probes)),
});

const clockUntil = (over: AbortSignal): Clock => ({
  ...systemClock,
  sleep: async (ms, signal) => {
    try {
      await systemClock.sleep(ms, signal ? AbortSignal.any([signal, over]) : over);
    } catch (error) {
      over.throwIfAborted();
      throw error;
    }
  },
});

/** What was asked before may still happen where it is done; its answer is waited for no longer. */
async function orOver<T>(over: AbortSignal, ask: () => Promise<T>): Promise<T> {
  over.throwIfAborted();
  let end: () => void = () => {};
  const ended = new Promise<never>((_resolve, reject) => {
    end = () => reject(over.reason);
    over.addEventListener('abort', end, { once: true });
  });
  try {
    return await Promise.race([ask(), ended]);
  } finally {
    over.removeEventListener('abort', end);
  }
}
