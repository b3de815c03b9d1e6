import { judgePull } from './judge-pull.ts';
import { isNeverRunnable, judgeStart } from './judge-start.ts';
import type { ContainerStatus } from './kubernetes.ts';
import type { Verdict, VerdictCode } from './verdict.ts';

/** Which container of which pod a verdict is about. */
export interface Place {
  readonly service: string;
  readonly pod: string;
  readonly container: string;
}

/** What a container is to its pod. */
export interface Part {
  /** Whether it is the service itself, or an init container. */
  readonly runs: boolean;
  /** Whether Kubernetes warned that its startup or liveness probe failed. */
  readonly probeFailed: boolean;
}

const pullReasons =
  /^(?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName|ImageInspectError|RegistryUnavailable|SignatureValidationFailed)$/;
const startReasons =
  /^(?:RunContainerError|CreateContainerError|CreateContainerConfigError|PreCreateHookError|PreStartHookError|PostStartHookError)$/;
/** What the runtime says when not the program failed, but its start. */
const startExits = /^(?:StartError|ContainerCannotRun)$/;
/** Exit codes of what the kubelet ends itself: heeding SIGTERM, by it, by SIGKILL. */
const ended: readonly number[] = [0, 143, 137];

/** Says what is wrong with a container, or nothing. */
export function judgeContainer(
  place: Place,
  container: ContainerStatus,
  part: Part,
): Verdict | undefined {
  const waiting = container.state?.waiting;
  const reason = waiting?.reason ?? '';
  const message = waiting?.message ?? reason;
  if (pullReasons.test(reason)) return { ...place, ...judgePull(reason, message) };
  if (startReasons.test(reason)) return { ...place, ...judgeStart(message) };
  return judgeExit(place, container, part);
}

function judgeExit(place: Place, container: ContainerStatus, part: Part): Verdict | undefined {
  const now = container.state?.terminated;
  const before = container.lastState?.terminated;
  const exit = now ?? before;
  if (!exit || container.ready) return undefined;
  // An init container ends when its work is done; a service never should.
  if (exit.exitCode === 0 && !part.runs) return undefined;
  const common = { ...place, exitCode: exit.exitCode, previousLog: now === undefined };
  const words = exit.message ?? '';
  // The count of restarts lags the count of exits by one until the next start.
  const running = container.state?.running !== undefined;
  const exits = container.restartCount + (running ? 0 : 1);
  if (isNeverRunnable(words)) return { ...common, ...judgeStart(words) };
  // A kubelet that loses a race with the runtime sees this too, and it passes.
  if (startExits.test(exit.reason ?? '') || (exit.exitCode === 128 && words !== '')) {
    const start = judgeStart(words);
    return exits < 3 && start.code === 'CANNOT_START'
      ? { ...common, state: 'waiting', code: 'NODE_TROUBLE', message: start.message }
      : { ...common, ...start };
  }
  // One exit may be bad luck; a second with the same code is how the program behaves. A container
  // that runs may still become ready, however often it ended in the months before.
  const alike = !now || !before || now.exitCode === before.exitCode;
  const certain = !running && ((exits >= 2 && alike) || exits >= 3);
  const state = certain ? 'failed' : 'suspect';
  const times = exits <= 1 ? 'once' : `${exits} times`;
  // The kernel ends what exceeds its limit; Kubernetes names it, the exit code alone does not.
  if (exit.reason === 'OOMKilled') {
    const message = `the container exceeded its memory limit ${times}`;
    return { ...common, state, code: 'OUT_OF_MEMORY', message };
  }
  const killed = part.probeFailed && ended.includes(exit.exitCode);
  const why = killed ? ', after its startup or liveness probe failed' : '';
  const message = `the container exited with code ${exit.exitCode} ${times}${why}`;
  return { ...common, state, code: codeOf(part, killed), message };
}

function codeOf({ runs }: Part, killed: boolean): VerdictCode {
  if (killed) return 'PROBE_FAILED';
  return runs ? 'CRASHED' : 'INIT_FAILED';
}
