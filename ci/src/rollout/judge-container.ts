import { judgePull } from './judge-pull.ts';
import type { ContainerStatus } from './kubernetes.ts';
import type { Verdict } from './verdict.ts';

/** Which container of which pod a verdict is about. */
export interface Place {
  readonly service: string;
  readonly pod: string;
  readonly container: string;
}

const pullReasons = /^(?:ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName)$/;
const startReasons = /^(?:RunContainerError|CreateContainerError|CreateContainerConfigError)$/;
/** A loaded node or a cache that fills; the kubelet tries again and needs no help. */
const passing = /context deadline exceeded|failed to reserve container name|failed to sync .*cache/;
/** What runc says of a program that can never run. */
const cannotRun = /exec format error|exec: "[^"]*": .*(?:no such file|not found|permission denied)/;

/** Says what is wrong with a container, or nothing. `runs` tells a service from an init container. */
export function judgeContainer(
  place: Place,
  container: ContainerStatus,
  runs: boolean,
): Verdict | undefined {
  const waiting = container.state?.waiting;
  const reason = waiting?.reason ?? '';
  const message = waiting?.message ?? reason;
  if (pullReasons.test(reason)) return { ...place, ...judgePull(reason, message) };
  if (startReasons.test(reason)) return judgeStart(place, reason, message);
  return judgeExit(place, container, runs);
}

function judgeStart(place: Place, reason: string, message: string): Verdict {
  if (passing.test(message)) {
    return { ...place, state: 'waiting', code: 'ROLLING', message: `${reason}: ${message}` };
  }
  if (reason === 'CreateContainerConfigError' && /secret|configmap/i.test(message)) {
    return { ...place, state: 'suspect', code: 'CONFIG_MISSING', message };
  }
  const state = cannotRun.test(message) ? 'failed' : 'suspect';
  return { ...place, state, code: 'CANNOT_START', message };
}

function judgeExit(place: Place, container: ContainerStatus, runs: boolean): Verdict | undefined {
  const now = container.state?.terminated;
  const before = container.lastState?.terminated;
  const exit = now ?? before;
  if (!exit || container.ready) return undefined;
  // An init container ends when its work is done; a service never should.
  if (exit.exitCode === 0 && !runs) return undefined;
  const common = { ...place, exitCode: exit.exitCode, previousLog: now === undefined };
  if (cannotRun.test(exit.message ?? '')) {
    return { ...common, state: 'failed', code: 'CANNOT_START', message: exit.message ?? '' };
  }
  // The count of restarts lags the count of exits by one until the next start.
  const running = container.state?.running !== undefined;
  const exits = container.restartCount + (running ? 0 : 1);
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
  const message = `the container exited with code ${exit.exitCode} ${times}`;
  return { ...common, state, code: 'CRASHED', message };
}
