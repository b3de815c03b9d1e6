import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { url } from './environment.ts';
import { howEnded, startSource, stopSource } from './source-process.ts';

export interface ServiceProcessOptions {
  readonly name: string;
  /** The repository's root. */
  readonly repository: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line of the service's output, or about it. */
  readonly print: (line: string) => void;
  readonly say: (text: string) => void;
}

const readyLimitMs = 60_000;

/** Runs a service from its sources, again and again. */
export class ServiceProcess {
  readonly #options: ServiceProcessOptions;
  #child: ChildProcess | undefined;

  constructor(options: ServiceProcessOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  /** Starts it; resolves when it is ready, has ended or was stopped. */
  async start(): Promise<void> {
    const { name, repository, env, print, say } = this.#options;
    const startedAt = performance.now();
    const child = startSource({ repository, service: name, file: 'src/server.ts', env, print });
    this.#child = child;
    child.once('error', (error) => this.#ended(child, error.message));
    child.once('close', (code, signal) => this.#ended(child, howEnded(code, signal)));
    if (await this.#untilReady(child)) {
      say(`${name} is ready after ${((performance.now() - startedAt) / 1_000).toFixed(1)} s`);
    }
  }

  /** Stops it; a service that does not end by itself is killed. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (!child) return;
    this.#child = undefined;
    await stopSource(child);
  }

  #ended(child: ChildProcess, how: string): void {
    if (this.#child !== child) return; // It was stopped.
    this.#child = undefined;
    this.#options.say(`${this.#options.name} ended with ${how}; it starts again at the next save`);
  }

  async #untilReady(child: ChildProcess): Promise<boolean> {
    const { name, env, say } = this.#options;
    const deadline = performance.now() + readyLimitMs;
    while (this.#child === child) {
      const answer = await fetch(`${url(Number(env.PORT))}/readyz`, {
        signal: AbortSignal.timeout(2_000),
      }).catch(() => undefined);
      if (answer?.ok && this.#child === child) return true;
      if (performance.now() > deadline) {
        say(`${name} is not ready after ${readyLimitMs / 1_000} s; its lines above say why`);
        return false;
      }
      await sleep(40);
    }
    return false;
  }
}
