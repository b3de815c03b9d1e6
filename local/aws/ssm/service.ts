import type { Faults } from '../faults.ts';
import type { NodeAgent } from './agent.ts';
import type { Command } from './command.ts';
import type { Delivery } from './delivery.ts';

/** What the operations of SSM share. */
export interface SsmService extends Delivery {
  readonly agents: ReadonlyMap<string, NodeAgent>;
  readonly commands: Commands;
  readonly faults: Faults;
  readonly account: string;
  readonly now: () => number;
  /** Read at each call: a test may change it. */
  readonly consistencyMs: () => number;
}

/** AWS keeps them for 30 days; here the last ones are enough. */
const most = 1_000;

/** The commands that were sent, oldest first. */
export class Commands {
  readonly #byId = new Map<string, Command>();

  add(command: Command): Command | undefined {
    this.#byId.set(command.id, command);
    if (this.#byId.size <= most) return undefined;
    const [oldest] = this.#byId.values();
    if (oldest) this.#byId.delete(oldest.id);
    return oldest;
  }

  get(id: string): Command | undefined {
    return this.#byId.get(id);
  }

  /** As AWS lists them: the newest first. */
  newestFirst(): Command[] {
    return [...this.#byId.values()].reverse();
  }
}
