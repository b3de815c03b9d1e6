import { PipelineError } from '../errors.ts';
import type { PodStatus } from '../rollout/kubernetes.ts';
import { groups, jsonPath, jsonPathOf, records, saidBy } from '../target/printed.ts';
import type { KubectlCall, Target } from '../target/target.ts';

export interface JobPod {
  readonly name: string;
  readonly status: PodStatus;
}

/** What a cluster says of one Job. */
export interface JobState {
  /** How it ended, by its pod if that says so before Kubernetes closes the Job. */
  readonly ended: 'complete' | 'failed' | undefined;
  /** Why it failed, in Kubernetes' words. */
  readonly reason: string;
  readonly pods: readonly JobPod[];
  /** Why it has no pod, if it was refused one. */
  readonly refusal: string | undefined;
}

interface JobStatus {
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
    readonly message?: string;
  }[];
}

/** The Job with its pods, and what was refused it. */
const jobCalls = (name: string): readonly KubectlCall[] => [
  {
    args: [
      ...['get', 'jobs,pods', '-o'],
      jsonPathOf(
        [`?(@.metadata.name=="${name}")`, ['.status']],
        // The Job bears this label too.
        [`?(@.metadata.labels.job-name=="${name}")`, ['.kind', '.metadata.name', '.status']],
      ),
    ],
  },
  {
    args: [
      ...['get', 'events', `--field-selector=type=Warning,involvedObject.name=${name}`],
      ...['-o', jsonPath(['.message'])],
    ],
  },
];

/** Ends a Job and its pods. */
export const deleteJobCall = (name: string): KubectlCall => ({
  args: ['delete', 'job', name, '--wait=false', '--cascade=background', '--ignore-not-found'],
});

/** Reads a Job, its pods and what was refused it, in one round trip. */
export async function readJob(target: Target, name: string): Promise<JobState> {
  const [found = '', said = ''] = (await target.kubectl(jobCalls(name))).map((output) => {
    if (output.exitCode === 0) return output.stdout;
    throw unreadable(target, name, saidBy(output));
  });
  const [[job] = [], pods = []] = groups(found).map(records);
  if (!job) throw unreadable(target, name, 'there is none of that name');
  const { conditions = [] } = parse(job[0]) as JobStatus;
  const end = conditions.find(
    ({ type, status }) => status === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  const seen = pods
    .filter(([kind]) => kind === 'Pod')
    .map(([, pod = '', status]) => ({ name: pod, status: parse(status) as PodStatus }));
  return {
    ended: end ? (end.type === 'Complete' ? 'complete' : 'failed') : endOfPods(seen),
    reason: end?.message ?? end?.reason ?? '',
    pods: seen,
    refusal: records(said).at(-1)?.[0],
  };
}

/** Our Jobs have one pod, which is never started again: how its containers ended is how the Job will. */
function endOfPods(pods: readonly JobPod[]): JobState['ended'] {
  const exits = pods.flatMap(({ status }) =>
    (status.containerStatuses ?? []).map(({ state }) => state?.terminated?.exitCode),
  );
  if (exits.length === 0 || exits.includes(undefined)) return undefined;
  return exits.every((code) => code === 0) ? 'complete' : 'failed';
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text || '{}');
  } catch (error) {
    const what = 'kubectl did not print the status of a Job as JSON.';
    throw new PipelineError('KUBECTL_FAILED', what, { cause: error });
  }
}

const unreadable = (target: Target, name: string, why: string) =>
  new PipelineError(
    'CLUSTER_UNREACHABLE',
    `The Job ${name} cannot be read on ${target.description}: ${why}`,
  );
