import type { Invocation, Status } from './command.ts';
import {
  combinedOutput,
  firstOutput,
  type OutputLimit,
  stderrLimit,
  stdoutLimit,
} from './output.ts';
import { readOutput, type ScriptEnd } from './script.ts';

/** Exit codes to which the agent gives a meaning of its own. */
const skipRest = 168;
const reboot = 194;
const stopped = 137;

const mostBytesOfACharacter = 4;

/**
 * What the agent makes of an exit code. 168 is success, and 137 from the script itself cannot be told
 * from a time-out by the agent's own kill. 194 asks a real node to reboot and to run the script
 * again; this node cannot reboot and fails it.
 */
function verdict(end: ScriptEnd): { status: Status; statusDetails: string } {
  if (end.reason === 'cancelled') return { status: 'Cancelled', statusDetails: 'Cancelled' };
  if (end.exitCode === stopped) return { status: 'TimedOut', statusDetails: 'ExecutionTimedOut' };
  const success = end.exitCode === 0 || end.exitCode === skipRest;
  return success
    ? { status: 'Success', statusDetails: 'Success' }
    : { status: 'Failed', statusDetails: 'Failed' };
}

/** What the agent appends to standard error of a failed script. */
function complaint(end: ScriptEnd): string {
  if (verdict(end).status !== 'Failed') return '';
  const reason = end.exitCode === reboot ? `${end.error}: this node does not reboot` : end.error;
  return `failed to run commands: ${reason}`;
}

/** Sends the end of a script to the service. */
export async function report(
  invocation: Invocation,
  end: ScriptEnd,
  folder: string,
  limit: OutputLimit,
  now: number,
): Promise<void> {
  const { status, statusDetails } = verdict(end);
  const out = await readOutput(folder, 'stdout', stdoutLimit * mostBytesOfACharacter);
  const written = await readOutput(folder, 'stderr', stderrLimit * mostBytesOfACharacter);
  const err = Buffer.concat([written, Buffer.from(complaint(end))]);
  // The API promises standard output for Success and Failed alone, standard error for any end.
  const shown = status === 'Success' || status === 'Failed';
  invocation.stdout = shown ? firstOutput(out, stdoutLimit, limit) : '';
  invocation.stderr = firstOutput(err, stderrLimit, limit);
  invocation.output = combinedOutput(
    firstOutput(out, stdoutLimit, limit),
    end.exitCode === skipRest ? '' : invocation.stderr,
  );
  invocation.responseCode = end.exitCode;
  invocation.endedAt = now;
  invocation.status = status;
  invocation.statusDetails = statusDetails;
}
