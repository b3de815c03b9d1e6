import { PipelineError } from '../errors.ts';
import { deleteJobCall, type JobState } from '../job/job-state.ts';
import { JobWatch } from '../job/job-watch.ts';
import { waitForJob } from '../job/wait-for-job.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall } from '../manifests/payload.ts';
import { patiently } from '../patiently.ts';
import { redact } from '../redact.ts';
import type { RollOutOptions } from '../release/roll-out.ts';
import { cures, type Verdict } from '../rollout/verdict.ts';
import { saidBy } from '../target/printed.ts';
import { databaseName } from './migration-job.ts';

/** Seconds that a Job's pod may take to start: nearly always the image is on the node already. */
const startSeconds = 300;

const logLines = 30;

const untouched = 'No service was touched: what served before serves.';

/**
 * Runs the Job that brings the database up to date, and waits for its end. Throws MIGRATION_FAILED
 * with its log if it does not succeed; the release that serves is not touched by then. A Job that
 * another run left at work is waited for first.
 */
export async function runMigrations(
  objects: readonly KubernetesObject[],
  options: RollOutOptions,
): Promise<void> {
  const { held, say } = options;
  const job = objects.at(-1);
  if (job?.kind !== 'Job') throw new TypeError('runMigrations: expected the Job last');
  const { name } = job.metadata;
  await waitForOthers(name, timeOf(job), options);
  const { outputs } = await held.mutate('migrate', [applyCall(objects)]);
  if (outputs[0]?.exitCode !== 0) throw failed(`the Job was refused: ${saidBy(outputs[0])}`);
  say('migrating the database');
  const last = await watch(name, timeOf(job), options);
  const log = await readLog(name, last, options);
  if (last.ended === 'complete') {
    for (const line of log) say(`database: ${line}`);
    return;
  }
  if (!last.ended) await held.mutate('migrate', [deleteJobCall(name)]);
  throw failed(reasonOf(last), log);
}

async function waitForOthers(
  own: string,
  timeoutSeconds: number,
  { target, clock, say }: RollOutOptions,
): Promise<void> {
  const names = await patiently(clock, async () => {
    const args = [
      ...['get', 'jobs', `--selector=app.kubernetes.io/name=${databaseName}`],
      ...['-o', 'jsonpath={range .items[?(@.status.active)]}{.metadata.name}{"\\n"}{end}'],
    ];
    const [output] = await target.kubectl([{ args }]);
    if (output?.exitCode === 0) return output.stdout.split('\n').filter(Boolean);
    throw new PipelineError('CLUSTER_UNREACHABLE', `Jobs cannot be read: ${saidBy(output)}`);
  });
  for (const name of names.filter((it) => it !== own)) {
    say(`waiting for the migrations of an earlier run: ${name}`);
    await waitForJob({ target, clock, name, timeoutSeconds });
  }
}

async function watch(
  name: string,
  timeoutSeconds: number,
  { target, clock, held }: RollOutOptions,
): Promise<JobState> {
  const jobWatch = new JobWatch();
  let given: PipelineError | undefined;
  const look = (state: JobState, seconds: number): void => {
    given = notStarted(jobWatch.look(state, clock.monotonic()), state, seconds);
    if (given) throw given;
  };
  try {
    return await waitForJob({ target, clock, name, timeoutSeconds: timeoutSeconds + 30, look });
  } catch (error) {
    // It must not run later, when nobody expects it any more.
    if (error === given) await held.mutate('migrate', [deleteJobCall(name)]);
    throw error;
  }
}

/** Why its pod never comes to its work, with the code of a rollout that would fail of it. */
function notStarted(
  verdict: Verdict | undefined,
  state: JobState,
  seconds: number,
): PipelineError | undefined {
  const isLate = seconds >= startSeconds && state.pods.every((it) => it.status.phase === 'Pending');
  if (!verdict && !isLate) return undefined;
  const why = verdict?.message ?? `no pod runs after ${startSeconds} s: ${reasonOf(state)}`;
  const code = verdict?.code ?? 'MIGRATION_FAILED';
  const cure = verdict && cures[verdict.code];
  const what = `The migrations cannot start: ${why}\n${untouched}`;
  return new PipelineError(code, what, cure ? { cure } : {});
}

async function readLog(
  name: string,
  { pods }: JobState,
  { target }: RollOutOptions,
): Promise<readonly string[]> {
  if (pods.length === 0) return [];
  const [output] = await target.kubectl([{ args: ['logs', `job/${name}`, `--tail=${logLines}`] }]);
  return redact(output?.stdout ?? '')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

/** Why it has not succeeded, in the words of whoever knows it best. */
function reasonOf({ reason, pods, refusal }: JobState): string {
  for (const { status } of pods) {
    const placed = status.conditions?.find(({ type }) => type === 'PodScheduled');
    if (placed?.status === 'False' && placed.message) return placed.message;
    const [container] = status.containerStatuses ?? [];
    const { waiting, terminated } = container?.state ?? {};
    if (waiting?.message) return waiting.message;
    if (terminated?.reason === 'OOMKilled') return 'it exceeded its memory limit';
    if (terminated) return `it ended with exit code ${terminated.exitCode}`;
    if (status.message) return status.message;
  }
  return reason || refusal || 'it did not end in time';
}

const timeOf = ({ spec }: KubernetesObject): number =>
  (spec as { activeDeadlineSeconds?: number }).activeDeadlineSeconds ?? 900;

function failed(reason: string, log: readonly string[] = []): PipelineError {
  const lines = log.length > 0 ? ['  last lines of its log:', ...log.map((it) => `    ${it}`)] : [];
  return new PipelineError(
    'MIGRATION_FAILED',
    [`The migrations failed: ${reason}.`, ...lines, untouched].join('\n'),
    { cure: 'Mend the cause and deploy again: what is in the database already is not done twice.' },
  );
}
