import type { Clock } from '../clock.ts';
import { type ErrorCode, PipelineError } from '../errors.ts';
import type { Target } from '../target/target.ts';
import type { Snapshot } from './kubernetes.ts';
import { takeSnapshot } from './snapshot.ts';

/** Reads of the cluster that may fail in a row: an API server that restarts is away for a while. */
const toleratedFailures = 5;
const firstPauseMs = 1_000;

const passing: ReadonlySet<ErrorCode> = new Set([
  'CLUSTER_UNREACHABLE',
  'KUBECTL_FAILED',
  'AWS_UNREACHABLE',
  'COMMAND_NOT_DELIVERED',
  'COMMAND_TIMED_OUT',
  'COMMAND_CANCELLED',
  'COMMAND_OUTPUT_BROKEN',
]);

/** Whether a failed read may succeed when it is tried again. */
export const mayPass = (error: unknown): error is PipelineError =>
  error instanceof PipelineError && passing.has(error.code);

/** Takes a snapshot of a release in flight, of which nobody would hear if one failed read ended it. */
export async function readPatiently(target: Target, clock: Clock): Promise<Snapshot> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await takeSnapshot(target);
    } catch (error) {
      if (failures >= toleratedFailures || !mayPass(error)) throw error;
      await clock.sleep(firstPauseMs * 2 ** failures);
    }
  }
}
