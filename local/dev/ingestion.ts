import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordOf } from './readable-line.ts';
import { howEnded, startSource, stopSource } from './source-process.ts';

export interface IngestionOptions {
  /** The repository's root. */
  readonly repository: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line of a run's output. */
  readonly print: (line: string) => void;
  readonly say: (text: string) => void;
}

/** A run asks what is due, so most end at once; an admin's wish is heard within this time. */
const everyMs = 60_000;
const afterFailureMs = 10 * everyMs;
/** Services that start again after an edit come first. */
const niceness = 10;

/** Runs the command that a cluster's CronJob runs, again and again, one at a time. */
export class Ingestion {
  readonly #options: IngestionOptions;
  #child: ChildProcess | undefined;
  #pause = new AbortController();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: IngestionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#work = this.#runAgainAndAgain();
  }

  /** Its sources were edited: it runs as soon as no run is at work. */
  edited(): void {
    this.#pause.abort();
  }

  /** Resolves when nothing is at work any more. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#pause.abort();
    if (this.#child) await stopSource(this.#child);
    await this.#work;
  }

  async #runAgainAndAgain(): Promise<void> {
    while (!this.#closed) {
      this.#pause = new AbortController();
      const { signal } = this.#pause;
      const failure = await this.#run();
      if (failure !== undefined && !this.#closed) {
        this.#options.say(
          `the ingestion of events ended with ${failure}; it runs again in ten minutes, or when events-service is saved`,
        );
      }
      const ms = failure === undefined ? everyMs : afterFailureMs;
      // An edit, or the end, is no error.
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    }
  }

  /** One run; gives back how it failed. */
  async #run(): Promise<string | undefined> {
    const { repository, env, print } = this.#options;
    const child = startSource({
      ...{ repository, service: 'events-service', file: 'src/ingest.ts', env },
      print: (line) => isNews(line) && print(line),
    });
    this.#child = child;
    try {
      if (child.pid !== undefined) setPriority(child.pid, niceness);
      const [code, signal] = await once(child, 'close');
      return code === 0 ? undefined : howEnded(code, signal);
    } catch (error) {
      return (error as Error).message;
    } finally {
      this.#child = undefined;
    }
  }
}

/** Of a run's lines those that tell something: not each city and artist, and nothing when nothing was due. */
export function isNews(line: string): boolean {
  const { msg, asked } = recordOf(line) ?? {};
  return msg !== 'source ingested' && !(msg === 'ingestion done' && asked === 0);
}
