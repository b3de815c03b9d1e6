/** Where delivery and execution limits are waited for: a test sets its own clock in their place. */
export interface Timers {
  /** Does something after a time; what comes back prevents it. */
  after(ms: number, act: () => void): () => void;
  /** Forgets all that is still to come. */
  close(): void;
}

/** Node fires at once what is later than this; a month of delivery is. */
const longestMs = 2 ** 31 - 1;

/** Timers of the process, which do not keep it alive. */
export function realTimers(): Timers {
  const waiting = new Set<NodeJS.Timeout>();
  const forget = (timer: NodeJS.Timeout) => {
    clearTimeout(timer);
    waiting.delete(timer);
  };
  return {
    after(ms, act) {
      const fire = () => {
        forget(timer);
        act();
      };
      const timer = setTimeout(fire, Math.min(ms, longestMs)).unref();
      waiting.add(timer);
      return () => forget(timer);
    },
    close() {
      for (const timer of waiting) forget(timer);
    },
  };
}
