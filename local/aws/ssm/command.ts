/** Status of an invocation, of a plugin and, derived from its invocations, of a command. */
export type Status =
  | 'Pending'
  | 'InProgress'
  | 'Delayed'
  | 'Success'
  | 'Cancelled'
  | 'TimedOut'
  | 'Failed'
  | 'Cancelling';

/** AWS-RunShellScript's parameters, as the agent reads them. */
export interface ShellDocument {
  readonly commands: readonly string[];
  readonly workingDirectory: string;
  readonly executionSeconds: number;
}

/** A command as it was sent; its state is that of its invocations. */
export interface Command {
  readonly id: string;
  readonly comment: string;
  readonly documentVersion: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  readonly document: ShellDocument;
  readonly timeoutSeconds: number;
  readonly instanceIds: readonly string[];
  readonly targets: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly maxConcurrency: string;
  readonly maxErrors: string;
  readonly requestedAt: number;
  readonly expiresAt: number;
  readonly invocations: readonly Invocation[];
}

/** A command on one node. It is the one mutable thing here: the node's agent moves it on. */
export interface Invocation {
  readonly commandId: string;
  readonly instanceId: string;
  status: Status;
  statusDetails: string;
  /** The script's exit code; -1 until it has ended. */
  responseCode: number;
  startedAt?: number;
  endedAt?: number;
  /** What the agent reports of the output, cut already. */
  stdout: string;
  stderr: string;
  /** Both together, as ListCommandInvocations shows them. */
  output: string;
}

const terminal: ReadonlySet<Status> = new Set<Status>([
  'Success',
  'Cancelled',
  'TimedOut',
  'Failed',
]);

export const isTerminal = (status: Status) => terminal.has(status);

export function newInvocation(commandId: string, instanceId: string): Invocation {
  return {
    commandId,
    instanceId,
    status: 'Pending',
    statusDetails: 'Pending',
    responseCode: -1,
    stdout: '',
    stderr: '',
    output: '',
  };
}

/** Moves an invocation on to a state that is not its last. */
export function enter(
  invocation: Invocation,
  status: 'InProgress' | 'Delayed' | 'Cancelling',
): void {
  invocation.status = status;
  invocation.statusDetails = status;
}

/** Ends an invocation whose script never ran, or never told how it ended. */
export function end(
  invocation: Invocation,
  status: 'TimedOut' | 'Failed' | 'Cancelled',
  statusDetails: string,
): void {
  invocation.status = status;
  invocation.statusDetails = statusDetails;
}

/** The whole command's status: of what still runs, else of the worst end. */
export function commandStatus(invocations: readonly Invocation[]): {
  readonly status: Status;
  readonly statusDetails: string;
} {
  for (const status of ['Cancelling', 'InProgress', 'Delayed', 'Pending'] as const) {
    const running = invocations.some((one) => one.status === status);
    // A command that waits for its node is told as pending: Delayed is a state of invocations.
    if (running) return plain(status === 'Delayed' ? 'Pending' : status);
  }
  for (const status of ['Failed', 'TimedOut', 'Cancelled'] as const) {
    const ended = invocations.find((one) => one.status === status);
    if (ended) return { status, statusDetails: ended.statusDetails };
  }
  return plain('Success');
}

const plain = (status: Status) => ({ status, statusDetails: status });
