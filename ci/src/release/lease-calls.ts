import { PipelineError } from '../errors.ts';
import { saidBy } from '../target/printed.ts';
import type { GuardedCalls, GuardedOutput, KubectlOutput, Target } from '../target/target.ts';
import { type Lease, noLease, parseLease, readCall } from './lease.ts';

const unreachable = (target: Target, output: KubectlOutput | undefined): PipelineError =>
  /\(Forbidden\)/.test(output?.stderr ?? '')
    ? new PipelineError(
        'LEASE_FORBIDDEN',
        `The Lease of ${target.namespace} may not be used on ${target.description}: ${saidBy(output)}`,
        {
          cure: 'Allow get, create, update and patch on leases.coordination.k8s.io in this namespace.',
        },
      )
    : new PipelineError(
        'CLUSTER_UNREACHABLE',
        `The API server of ${target.description} did not answer: ${saidBy(output)}`,
      );

/** Reads the Lease; one that is not there yet is `noLease`. */
export async function lookAtLease(target: Target): Promise<Lease> {
  const [output] = await target.kubectl([readCall(target.namespace)]);
  return readLease(target, output);
}

/** Reads what `readCall` printed. */
export function readLease(target: Target, output: KubectlOutput | undefined): Lease {
  if (output?.exitCode === 0) return parseLease(output);
  if (/\(NotFound\)/.test(output?.stderr ?? '')) return noLease;
  throw unreachable(target, output);
}

/** Why a write of the Lease was refused; undefined if it was not. */
export function refusal(output: KubectlOutput): string | undefined {
  if (output.exitCode === 0) return undefined;
  return /\((?:Conflict|AlreadyExists|NotFound)\)/.exec(output.stderr)?.[0];
}

/** Sends a guarded text. Throws if its guard could not be asked: then nothing has run. */
export async function send(target: Target, text: GuardedCalls): Promise<GuardedOutput> {
  const output = await target.guarded(text);
  if (output.guard.exitCode === 0 || refusal(output.guard)) return output;
  throw unreachable(target, output.guard);
}
