import { setTimeout as sleep } from 'node:timers/promises';
import type { End } from './drill.ts';
import type { NamedDrill } from './find-drills.ts';
import type { Stage } from './stage.ts';

/** What became of a drill: a line for it, and what to read below if it failed. */
export interface Outcome {
  readonly passed: boolean;
  readonly line: string;
  readonly details: readonly string[];
}

/** Seconds after which a drill that does not end has failed. */
const limitSeconds = 300;

/** Runs one drill to its end and compares that with what is expected. */
export async function runDrill(drill: NamedDrill, stage: Stage): Promise<Outcome> {
  const said: string[] = [];
  const watched: Stage = { ...stage, say: (line) => void said.push(line) };
  try {
    const end = await withinLimit(
      drill.run({
        ...watched,
        deploy: (change) => stage.deploy({ say: watched.say, ...change }),
      }),
    );
    const trouble = differences(drill, end);
    return {
      passed: trouble.length === 0,
      line: lineOf(drill.name, trouble.length === 0, end),
      details: trouble.length === 0 ? [] : [...trouble, ...said, ...(end.report ?? '').split('\n')],
    };
  } catch (error) {
    const line = lineOf(drill.name, false, undefined);
    return { passed: false, line, details: [String(error), ...said] };
  }
}

function differences({ expected }: NamedDrill, end: End): string[] {
  const wrong = (what: string, found: unknown, wanted: unknown) =>
    found === wanted ? [] : [`${what} ${found}, expected ${wanted}`];
  const late = end.seconds > expected.withinSeconds;
  return [
    ...wrong('code', end.code, expected.code),
    ...wrong('state', end.state, expected.state),
    ...(late ? [`took ${end.seconds.toFixed(1)} s, expected ${expected.withinSeconds} s`] : []),
  ];
}

function lineOf(name: string, passed: boolean, end: End | undefined): string {
  const result = (passed ? 'ok' : 'FAILED').padEnd(6);
  if (!end) return `${result} ${name}`;
  const seconds = end.seconds.toFixed(1).padStart(6);
  const ends = [end.state, end.note].filter(Boolean).join(', ');
  return `${result} ${name.padEnd(26)} ${seconds} s  ${end.code.padEnd(20)} ${ends}`;
}

async function withinLimit<T>(work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const limit = sleep(limitSeconds * 1_000, undefined, { signal: over.signal });
  try {
    return await Promise.race([
      work,
      limit.then(() => Promise.reject(new Error(`no end after ${limitSeconds} s`))),
    ]);
  } finally {
    over.abort();
    limit.catch(() => undefined);
  }
}
