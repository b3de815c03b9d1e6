import type { CommandFault } from '../faults.ts';
import type { Timers } from '../timers.ts';
import type { NodeAgent } from './agent.ts';
import { type Command, end, enter, type Invocation, isTerminal } from './command.ts';

export interface Delivery {
  readonly timers: Timers;
  /** How long a command travels to its node. */
  readonly deliveryMs: number;
}

/** How long a command is Pending before a node that does not fetch it makes it Delayed. */
const untilDelayedMs = 2_000;

/** The service's side of a command: brings it to its node, and gives it up at its limits. */
export function deliver(
  command: Command,
  invocation: Invocation,
  agent: NodeAgent,
  fault: CommandFault | undefined,
  { timers, deliveryMs }: Delivery,
): void {
  const later = (ms: number, act: () => void) => {
    timers.after(ms, () => {
      if (!isTerminal(invocation.status)) act();
    });
  };
  const isWaiting = () => invocation.status === 'Pending' || invocation.status === 'Delayed';
  const giveUp = () => end(invocation, 'TimedOut', 'DeliveryTimedOut');

  later(command.timeoutSeconds * 1_000, () => {
    if (isWaiting()) giveUp();
  });
  // The service gives up, too, on a node that took a command and never tells how it ended.
  later(command.expiresAt - command.requestedAt, giveUp);

  const kind = fault?.kind;
  if (kind === 'never-deliver') return;
  if (kind === 'refuse-delivery') {
    const details = fault?.details ?? 'Undeliverable';
    later(deliveryMs, () =>
      end(invocation, details === 'Terminated' ? 'Cancelled' : 'Failed', details),
    );
    return;
  }
  if (kind === 'delay-delivery') {
    enter(invocation, 'Delayed');
    later(fault?.ms ?? untilDelayedMs, () => agent.accept(command, invocation));
    return;
  }
  later(deliveryMs, () => {
    agent.accept(command, invocation, { fault: kind });
    if (kind === 'deliver-twice') agent.accept(command, invocation, { duplicate: true });
    if (agent.state === 'online') return;
    later(untilDelayedMs, () => {
      if (isWaiting()) enter(invocation, 'Delayed');
    });
  });
}
