/** What a call meets on its way. `action` is a name such as `SendCommand`; without it any call. */
export type CallFault = {
  readonly kind:
    | 'throttle'
    | 'internal-error'
    | 'access-denied'
    | 'expired-token'
    | 'cut'
    | 'lose-reply'
    | 'slow';
  readonly action?: string;
  readonly times: number;
  /** For `slow`: how long the reply is held back. */
  readonly ms?: number;
};

/** What a command meets after SendCommand has answered. */
export type CommandFault = {
  readonly kind:
    | 'deliver-twice'
    | 'never-deliver'
    | 'delay-delivery'
    | 'refuse-delivery'
    | 'lose-result'
    | 'ignore-cancel';
  readonly times: number;
  /** For `delay-delivery`: how long the command stays Delayed. */
  readonly ms?: number;
  /** For `refuse-delivery`: why. */
  readonly details?: RefusalDetails;
};

export type RefusalDetails =
  | 'Undeliverable'
  | 'Terminated'
  | 'RateExceeded'
  | 'AccessDenied'
  | 'InvalidPlatform';

export type Fault = CallFault | CommandFault;

const callKinds: ReadonlySet<string> = new Set([
  'throttle',
  'internal-error',
  'access-denied',
  'expired-token',
  'cut',
  'lose-reply',
  'slow',
] satisfies CallFault['kind'][]);

const commandKinds: ReadonlySet<string> = new Set([
  'deliver-twice',
  'never-deliver',
  'delay-delivery',
  'refuse-delivery',
  'lose-result',
  'ignore-cancel',
] satisfies CommandFault['kind'][]);

const isCallFault = (fault: Fault): fault is CallFault => callKinds.has(fault.kind);

/** The faults that are still to come, each used up by what meets it, oldest first. */
export class Faults {
  #calls: CallFault[] = [];
  #commands: CommandFault[] = [];

  add(fault: Fault): void {
    if (isCallFault(fault)) this.#calls.push(fault);
    else this.#commands.push(fault);
  }

  clear(): void {
    this.#calls = [];
    this.#commands = [];
  }

  pending(): readonly Fault[] {
    return [...this.#calls, ...this.#commands];
  }

  takeForCall(action: string): CallFault | undefined {
    const found = this.#calls.find(
      (fault) => fault.action === undefined || fault.action === action,
    );
    if (found) this.#calls = used(this.#calls, found);
    return found;
  }

  takeForCommand(): CommandFault | undefined {
    const found = this.#commands[0];
    if (found) this.#commands = used(this.#commands, found);
    return found;
  }
}

function used<T extends Fault>(faults: readonly T[], taken: T): T[] {
  const left: T[] = [];
  for (const fault of faults) {
    if (fault !== taken) left.push(fault);
    else if (fault.times > 1) left.push({ ...fault, times: fault.times - 1 });
  }
  return left;
}

/** A fault told over the control endpoint, or what is wrong with it. */
export function parseFault(value: unknown): Fault {
  const fault = { times: 1, ...(value as object) } as Fault;
  const kinds = [...callKinds, ...commandKinds];
  if (!kinds.includes(fault.kind)) {
    throw new TypeError(
      `fault kind ${JSON.stringify(fault.kind)}: expected one of ${kinds.join(', ')}`,
    );
  }
  if (!Number.isInteger(fault.times) || fault.times < 1) {
    throw new TypeError(
      `fault ${fault.kind}: expected times to be a positive integer, got ${fault.times}`,
    );
  }
  return fault;
}
