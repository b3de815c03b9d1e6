import type { Clock } from './clock.ts';
import { PipelineError } from './errors.ts';

/** Reads that may fail in a row: an API server that restarts is away for a while. */
const toleratedFailures = 5;
const firstPauseMs = 1_000;
/** Milliseconds after which no further try begins: over SSM each may take minutes to fail. */
const patienceMs = 60_000;

const passing: ReadonlySet<PipelineError['code']> = new Set([
  'CLUSTER_UNREACHABLE',
  'KUBECTL_FAILED',
  'AWS_UNREACHABLE',
  'COMMAND_NOT_DELIVERED',
  'COMMAND_TIMED_OUT',
  'COMMAND_CANCELLED',
  'COMMAND_OUTPUT_BROKEN',
]);

/** Whether what failed may succeed when it is tried again. */
export const mayPass = (error: unknown): error is PipelineError =>
  error instanceof PipelineError && passing.has(error.code);

/** Tries a read again, for a while, so that a release in flight does not end with one of them. */
export async function patiently<T>(clock: Clock, read: () => Promise<T>): Promise<T> {
  const deadline = clock.monotonic() + patienceMs;
  for (let failures = 0; ; failures += 1) {
    try {
      return await read();
    } catch (error) {
      const over = failures >= toleratedFailures || clock.monotonic() > deadline;
      if (over || !mayPass(error)) throw error;
      await clock.sleep(firstPauseMs * 2 ** failures);
    }
  }
}
