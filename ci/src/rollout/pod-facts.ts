import { jsonPath, jsonPathIn, records } from '../target/printed.ts';
import type { ContainerStatus, Pod } from './kubernetes.ts';

/** Asks for what a pod was told to do; its status is known from the snapshot. */
export const podArgs = (pod: string): readonly string[] => [
  ...['get', 'pod', pod, '-o'],
  jsonPathIn('.spec.containers[*]', [
    ...['.name', '.startupProbe', '.livenessProbe', '.readinessProbe'],
    '.resources.limits',
  ]),
];

/** Asks for what is wrong with the nodes; rights to one namespace do not reach that far. */
export const nodeArgs: readonly string[] = [
  ...['get', 'nodes', '-o'],
  jsonPath(['.metadata.name', '.status.conditions']),
];

interface Probe {
  readonly httpGet?: { readonly path?: string; readonly port?: string | number };
  readonly tcpSocket?: { readonly port?: string | number };
  readonly exec?: { readonly command?: readonly string[] };
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly failureThreshold?: number;
}

/** Each container's state in a sentence, its probes and its limits. */
export function podFacts(pod: Pod | undefined, spec: string | undefined): string[] {
  const all = [
    ...(pod?.status.initContainerStatuses ?? []),
    ...(pod?.status.containerStatuses ?? []),
  ];
  return [...all.map(stateLine), ...(spec === undefined ? [] : records(spec).flatMap(specLines))];
}

function stateLine({ name, state, lastState, restartCount, ready }: ContainerStatus): string {
  const now = state?.waiting
    ? `waiting (${state.waiting.reason ?? 'no reason given'})`
    : state?.terminated
      ? ended(state.terminated)
      : `running${ready ? ', ready' : ', not ready'}`;
  const before = lastState?.terminated ? `; before that ${ended(lastState.terminated)}` : '';
  const restarts = restartCount === 1 ? '1 restart' : `${restartCount} restarts`;
  return `container ${name}: ${now}, ${restarts}${before}`;
}

const ended = ({ exitCode, reason }: { exitCode: number; reason?: string }): string =>
  `ended with exit code ${exitCode}${reason ? ` (${reason})` : ''}`;

function specLines([name = '', ...rest]: readonly string[]): string[] {
  const [startup = '', liveness = '', readiness = '', limits = ''] = rest;
  const probes = Object.entries({ startup, liveness, readiness })
    .filter(([, text]) => text !== '')
    .map(([kind, text]) => `${kind} probe of ${name}: ${probeText(JSON.parse(text))}`);
  return limits === '' ? probes : [...probes, `limits of ${name}: ${limits}`];
}

function probeText(probe: Probe): string {
  const { httpGet, tcpSocket, exec } = probe;
  const what = httpGet
    ? `GET :${httpGet.port}${httpGet.path ?? '/'}`
    : tcpSocket
      ? `connect to :${tcpSocket.port}`
      : (exec?.command ?? ['?']).join(' ');
  const { periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 } = probe;
  return `${what} each ${periodSeconds} s, ${timeoutSeconds} s at most, fails after ${failureThreshold}`;
}

/** A line for each node that is not as it should be. */
export function nodeFacts(text: string | undefined): string[] {
  return records(text ?? '').flatMap(([name = '', conditions = '']) => {
    const all = JSON.parse(conditions || '[]') as {
      type: string;
      status: string;
      message?: string;
    }[];
    return all
      .filter(({ type, status }) => (type === 'Ready' ? status !== 'True' : status === 'True'))
      .map(({ type, status, message = '' }) => `node ${name}: ${type} is ${status}: ${message}`);
  });
}
