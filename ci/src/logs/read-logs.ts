import { type Clock, systemClock } from '../clock.ts';
import { patiently } from '../patiently.ts';
import { redact } from '../redact.ts';
import type { Pod, Snapshot } from '../rollout/kubernetes.ts';
import { podsOf } from '../rollout/pods-of.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import type { Service } from '../services.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { LogOptions } from './log-options.ts';

/** The log of one container. */
export interface ContainerLog {
  readonly service: string;
  readonly pod: string;
  readonly container: string;
  readonly lines: readonly string[];
  /** Whether there are earlier lines, or longer ones, than these. */
  readonly cut: boolean;
  /** Why there is none, in kubectl's words. */
  readonly trouble?: string;
}

export interface LogsRequest extends LogOptions {
  readonly target: Target;
  readonly services: readonly Service[];
  readonly clock?: Clock;
}

/** Characters of all logs together; each container has its part of it. */
const mostCharacters = 400_000;
const longestLine = 8_000;

/** Reads the logs of every container of the services, old pods and init containers included. */
export async function readLogs(request: LogsRequest): Promise<readonly ContainerLog[]> {
  const { target, services, clock = systemClock } = request;
  const snapshot = await patiently(clock, () => takeSnapshot(target));
  const wanted = services.flatMap(({ name }) => containersOf(name, snapshot));
  if (wanted.length === 0) return [];
  const outputs = await target.kubectl(wanted.map((it) => logCall(it, request)));
  const room = Math.floor(mostCharacters / wanted.length);
  return wanted.map((it, index) => ({ ...it, ...logOf(outputs[index], request, room) }));
}

type Container = Pick<ContainerLog, 'service' | 'pod' | 'container'>;

function containersOf(service: string, snapshot: Snapshot): Container[] {
  const deployment = snapshot.deployments.find((it) => it.name === service);
  if (!deployment) return [];
  const { newPods, oldPods, deadPods } = podsOf(deployment, snapshot);
  const names = ({ status }: Pod) =>
    [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(
      (it) => it.name,
    );
  return [...oldPods, ...deadPods, ...newPods].flatMap((pod) =>
    names(pod).map((container) => ({ service, pod: pod.name, container })),
  );
}

function logCall(
  { pod, container }: Container,
  { tail, since, previous }: LogOptions,
): KubectlCall {
  // One more than asked for tells whether there are more.
  const args = ['logs', pod, '--container', container, `--tail=${tail + 1}`];
  return {
    args: [...args, ...(since ? [`--since=${since}`] : []), ...(previous ? ['--previous'] : [])],
  };
}

function logOf(
  output: KubectlOutput | undefined,
  { tail }: LogOptions,
  room: number,
): Pick<ContainerLog, 'lines' | 'cut' | 'trouble'> {
  if (output?.exitCode !== 0) {
    const said = output?.stderr.trim() || 'kubectl said nothing';
    return { lines: [], cut: false, trouble: redact(said) };
  }
  const all = redact(output.stdout).split('\n');
  if (all.at(-1) === '') all.pop();
  const lines: string[] = [];
  let left = room;
  let cut = all.length > tail;
  for (const line of all.slice(-tail).toReversed()) {
    const shown = line.length > longestLine ? `${line.slice(0, longestLine)}…` : line;
    if (shown.length + 1 > left) {
      cut = true;
      break;
    }
    if (shown !== line) cut = true;
    left -= shown.length + 1;
    lines.push(shown);
  }
  return { lines: lines.toReversed(), cut };
}
