/** Milliseconds of silence after which it is said again what is being waited for. */
const silenceMs = 10_000;

export interface HeartbeatOptions {
  readonly now?: () => number;
  /** Calls back again and again, until what it gives back is called. */
  readonly every?: (ms: number, beat: () => void) => () => void;
}

export interface Heartbeat {
  readonly say: (line: string) => void;
  /** Nothing is waited for any more. */
  readonly hush: () => void;
}

/** Says what it is told, and the last of it again while nothing new is said: a long wait is no hang. */
export function createHeartbeat(
  write: (line: string) => void,
  { now = () => performance.now(), every = realEvery }: HeartbeatOptions = {},
): Heartbeat {
  let last = { line: '', at: 0 };
  let heard = 0;
  let stop: (() => void) | undefined;
  const beat = () => {
    if (now() - heard < silenceMs) return;
    heard = now();
    write(`still at it after ${Math.round((heard - last.at) / 1_000)} s: ${last.line}`);
  };
  return {
    say(line) {
      heard = now();
      last = { line, at: heard };
      stop ??= every(1_000, beat);
      write(line);
    },
    hush() {
      stop?.();
      stop = undefined;
    },
  };
}

function realEvery(ms: number, beat: () => void): () => void {
  const timer = setInterval(beat, ms);
  // A wait keeps the process alive by itself, if it waits for anything.
  timer.unref();
  return () => clearInterval(timer);
}
