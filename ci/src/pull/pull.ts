import { PipelineError } from '../errors.ts';
import { deleteJobCall, type JobState } from '../job/job-state.ts';
import { JobWatch, wholePod } from '../job/job-watch.ts';
import { waitForJob } from '../job/wait-for-job.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { cures, type Verdict } from '../rollout/verdict.ts';
import { saidBy } from '../target/printed.ts';
import { pullJob, pullSeconds } from './pull-job.ts';

export interface PullRequest {
  /** Of the Job. */
  readonly name: string;
  /** `repository@sha256:…` by the service that runs it. */
  readonly images: ReadonlyMap<string, string>;
  /** The manifests, which name the pull secrets. */
  readonly objects: readonly KubernetesObject[];
}

/**
 * Has the kubelet pull images before anything that serves is touched. Throws if one cannot be had; a
 * registry that is away for a moment is waited for.
 */
export async function pullImages(
  { name, images, objects }: PullRequest,
  { held, target, clock, say, timeoutSeconds }: RollOutOptions,
): Promise<void> {
  say(`pulling ${[...images.keys()].join(', ')}`);
  const { outputs } = await held.mutate('pull', [applyCall([pullJob(name, images, objects)])]);
  const [created] = outputs;
  if (created?.exitCode !== 0) {
    throw failure({
      service: wholePod,
      state: 'failed',
      code: 'POD_REFUSED',
      message: saidBy(created),
    });
  }
  const watch = new JobWatch();
  const judge = (state: JobState): void => {
    const failed = watch.look(state, clock.monotonic());
    if (failed) throw failure(failed);
  };
  const longest = Math.min(pullSeconds, timeoutSeconds);
  try {
    const last = await waitForJob({ target, clock, name, timeoutSeconds: longest, look: judge });
    // Kubernetes removes a Job that has ended by itself.
    if (last.ended === 'complete') return;
    judge(last);
    throw failure(watch.worst ?? timedOut(last, longest));
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code === 'LEASE_LOST') throw error;
    await held.mutate('pull', [deleteJobCall(name)]).catch((other: unknown) => {
      // It ends by itself too; why the pull failed must not be lost for it.
      if (!(other instanceof PipelineError) || other.code === 'LEASE_LOST') throw other;
    });
    throw error;
  }
}

const timedOut = ({ reason }: JobState, seconds: number): Verdict => ({
  service: wholePod,
  state: 'failed',
  code: 'IMAGE_PULL_FAILED',
  message: reason || `the images were not pulled within ${seconds} s`,
});

function failure({ service, code, message }: Verdict): PipelineError {
  const whose = service === wholePod ? 'The images cannot be pulled' : `${service}: its image`;
  const text =
    service === wholePod ? `${whose}: ${message}` : `${whose} cannot be used: ${message}`;
  const cure = cures[code];
  return new PipelineError(code, `${text}\nNothing that serves was touched.`, {
    ...(cure ? { cure } : {}),
  });
}
