import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandFault } from '../faults.ts';
import type { NodeOptions, NodeState } from '../options.ts';
import type { Timers } from '../timers.ts';
import { type Command, end, enter, type Invocation, isTerminal } from './command.ts';
import type { OutputLimit } from './output.ts';
import { report } from './report.ts';
import { type RunningScript, startScript } from './script.ts';

export interface AgentOptions {
  readonly folder: string;
  readonly region: string;
  readonly shell: string;
  readonly deliveryMs: number;
  readonly timers: Timers;
  readonly outputLimit: OutputLimit;
  readonly now: () => number;
}

/** One command on its way to, or on, this node. */
interface Job {
  readonly command: Command;
  readonly invocation: Invocation;
  readonly fault: CommandFault['kind'] | undefined;
  /** The second arrival of a command; what becomes of it is not told to the service. */
  readonly duplicate: boolean;
  script?: RunningScript;
}

export interface Arrival {
  readonly fault?: CommandFault['kind'] | undefined;
  readonly duplicate?: boolean;
}

/** The agent's `CommandWorkersLimit`. */
const workers = 5;

/** Environment of a systemd service on the node, with nothing of this process in it. */
const serviceEnvironment = {
  HOME: '/root',
  LANG: 'C.UTF-8',
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
};
/** Working directory of the agent's unit. */
const serviceDirectory = '/usr/bin';

/** The SSM agent of one node: takes commands, runs at most five at once, reports how they ended. */
export class NodeAgent {
  readonly node: NodeOptions;
  lastPing: number;
  #state: NodeState;
  readonly #options: AgentOptions;
  readonly #running = new Set<Job>();
  #waiting: Job[] = [];
  #pumping = Promise.resolve();

  constructor(node: NodeOptions, options: AgentOptions) {
    this.node = node;
    this.#options = options;
    this.#state = node.online ? 'online' : 'offline';
    this.lastPing = options.now();
  }

  get state(): NodeState {
    return this.#state;
  }

  set state(state: NodeState) {
    if (this.#state === 'online') this.lastPing = this.#options.now();
    this.#state = state;
    this.#pump();
  }

  /** Takes a command that has come to the node; it starts when a worker is free. */
  accept(command: Command, invocation: Invocation, arrival: Arrival = {}): void {
    const { fault, duplicate = false } = arrival;
    this.#waiting.push({ command, invocation, fault, duplicate });
    this.#pump();
  }

  /** Cancels a command: at once while it waits, by SIGKILL when it runs. There is no guarantee. */
  cancel(invocation: Invocation): void {
    if (isTerminal(invocation.status)) return;
    this.#waiting = this.#waiting.filter((job) => job.invocation !== invocation);
    const jobs = [...this.#running].filter((job) => job.invocation === invocation);
    if (jobs.length === 0) {
      if (invocation.status !== 'InProgress') end(invocation, 'Cancelled', 'Cancelled');
      return;
    }
    enter(invocation, 'Cancelling');
    if (jobs.some((job) => job.fault === 'ignore-cancel')) return;
    this.#options.timers.after(this.#options.deliveryMs, () => {
      for (const job of jobs) job.script?.cancel();
    });
  }

  /** Removes what a command left on the node's disk. */
  async forget(commandId: string): Promise<void> {
    await rm(join(this.#options.folder, this.node.id, commandId), { recursive: true, force: true });
  }

  /** Kills what runs and forgets what waits. */
  async close(): Promise<void> {
    this.#options.timers.close();
    this.#waiting = [];
    await this.#pumping;
    for (const job of this.#running) job.script?.cancel();
    await Promise.all([...this.#running].map((job) => job.script?.ended));
  }

  /** Starts one after the other, so that the count of running commands is always true. */
  #pump(): void {
    this.#pumping = this.#pumping.then(async () => {
      while (this.#state === 'online' && this.#running.size < workers) {
        const job = this.#waiting.shift();
        if (!job) return;
        if (!isTerminal(job.invocation.status) || job.duplicate) await this.#start(job);
      }
    });
  }

  async #start(job: Job): Promise<void> {
    const { command, invocation } = job;
    this.#running.add(job);
    if (!job.duplicate) {
      enter(invocation, 'InProgress');
      invocation.startedAt = this.#options.now();
    }
    const folder = this.#folder(job);
    try {
      job.script = await startScript({
        folder,
        commands: command.document.commands,
        workingDirectory: workingDirectory(command.document.workingDirectory),
        enter: this.node.enter,
        shell: this.#options.shell,
        env: this.#environment(command.id),
        limitMs: command.document.executionSeconds * 1_000,
        timers: this.#options.timers,
      });
      // A cancel that came while the script was being started found nothing to kill.
      if (invocation.status === 'Cancelling' && job.fault !== 'ignore-cancel') job.script.cancel();
      void this.#finish(job, job.script, folder);
    } catch (error) {
      this.#running.delete(job);
      invocation.stderr = `failed to create script file. ${String(error)}`;
      end(invocation, 'Failed', 'Failed');
    }
  }

  async #finish(job: Job, script: RunningScript, folder: string): Promise<void> {
    const { invocation } = job;
    const ended = await script.ended;
    const told = !job.duplicate && job.fault !== 'lose-result';
    try {
      if (told && !isTerminal(invocation.status)) {
        await report(invocation, ended, folder, this.#options.outputLimit, this.#options.now());
      }
    } catch (error) {
      // The script can remove its own output; that must not end the agent.
      invocation.stderr = `failed to read the output. ${String(error)}`;
      invocation.responseCode = ended.exitCode;
      end(invocation, 'Failed', 'Failed');
    }
    this.#running.delete(job);
    this.#pump();
  }

  #folder(job: Job): string {
    const step = job.duplicate
      ? `0.awsrunShellScript-${randomUUID().slice(0, 8)}`
      : '0.awsrunShellScript';
    return join(this.#options.folder, this.node.id, job.command.id, 'awsrunShellScript', step);
  }

  #environment(commandId: string): Record<string, string> {
    return {
      ...serviceEnvironment,
      ...this.node.env,
      AWS_SSM_INSTANCE_ID: this.node.id,
      AWS_SSM_REGION_NAME: this.#options.region,
      SSM_COMMAND_ID: commandId,
    };
  }
}

/** The agent takes an absolute path only; anything else is below its own downloads. */
const workingDirectory = (asked: string) => (asked.startsWith('/') ? asked : serviceDirectory);
