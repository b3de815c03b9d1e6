import { SourceIncomplete } from '../../ci/src/source/source-tree.ts';
import { type Inputs, readInputs } from './inputs.ts';
import type { ServiceProcess } from './service-process.ts';

export interface ReloaderOptions {
  readonly repository: string;
  /** By the service's name. */
  readonly processes: ReadonlyMap<string, ServiceProcess>;
  /** Brings the database to the present migrations. */
  readonly fill: () => Promise<void>;
  /** Told which services start again. */
  readonly onReload: (names: readonly string[]) => void;
  readonly say: (text: string) => void;
}

export const beginAnew = 'mend it and save, or begin with an empty database: make dev FRESH=1';

/** After each save: migrates, and starts again what runs other sources than there are now. */
export class Reloader {
  readonly #options: ReloaderOptions;
  #running: Inputs | undefined;
  #work: Promise<void> = Promise.resolve();
  #waiting = false;
  #closed = false;

  constructor(options: ReloaderOptions) {
    this.#options = options;
  }

  /** What the services were started from. */
  ran(inputs: Inputs): void {
    this.#running = inputs;
  }

  /** Something was saved; several calls while one is at work are one more. */
  changed(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    this.#work = this.#work.then(() => {
      this.#waiting = false;
      return this.#closed ? undefined : this.#reload();
    });
  }

  /** Resolves when nothing is at work any more. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#work;
  }

  async #reload(): Promise<void> {
    const { repository, processes, fill, onReload, say } = this.#options;
    const before = this.#running;
    const now = await readInputs(repository).catch((error: unknown) => {
      // A file went while it was read; that is a change too, and will be told.
      if (error instanceof SourceIncomplete) return undefined;
      throw error;
    });
    if (!now) return;
    this.#running = now;
    if (now.migrations !== before?.migrations) {
      await fill().catch((error: Error) => say(`${error.message}\n${beginAnew}`));
    }
    const names = [...processes].flatMap(([name, { isRunning }]) =>
      !isRunning || now.services.get(name) !== before?.services.get(name) ? [name] : [],
    );
    if (names.length === 0 || this.#closed) return;
    say(`starting again: ${names.join(', ')}`);
    onReload(names);
    await Promise.all(
      names.map(async (name) => {
        const service = processes.get(name);
        await service?.stop();
        if (this.#closed) return;
        // Whether it gets ready is told by itself; the next save need not wait for that.
        service?.start().catch((error: Error) => say(`${name}: ${error.message}`));
      }),
    );
  }
}
