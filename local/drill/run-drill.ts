import { setTimeout as sleep } from 'node:timers/promises';
import type { End } from './drill.ts';
import type { NamedDrill } from './find-drills.ts';
import type { BareStage } from './stage.ts';
import { untilOver } from './until-over.ts';

/** What became of a drill: a line for it, and what to read below if it failed. */
export interface Outcome {
  readonly passed: boolean;
  /** Whether it came to an end of its own, be it another than expected. */
  readonly ended: boolean;
  readonly line: string;
  readonly details: readonly string[];
}

export interface Limits {
  /** Seconds after which a drill that does not end has failed. */
  readonly seconds: number;
  /** And for which it may tidy up then. */
  readonly graceSeconds: number;
}
const usual: Limits = { seconds: 300, graceSeconds: 30 };

/** A drill that goes on whatever is done: no other can begin. */
export class DrillEndless extends Error {
  override readonly name = 'DrillEndless';
  readonly code = 'DRILL_ENDLESS';
}

/** Runs one drill to its end and compares that with what is expected. */
export async function runDrill(
  drill: NamedDrill,
  stage: BareStage,
  limits: Limits = usual,
): Promise<Outcome> {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  try {
    const end = await withinLimits(limits, (over) => drill.run(untilOver({ ...stage, say }, over)));
    const trouble = differences(drill, end);
    return {
      passed: trouble.length === 0,
      ended: true,
      line: lineOf(drill.name, trouble.length === 0, end),
      details: trouble.length === 0 ? [] : [...trouble, ...said, ...(end.report ?? '').split('\n')],
    };
  } catch (error) {
    if (error instanceof DrillEndless) throw error;
    const line = lineOf(drill.name, false, undefined);
    return { passed: false, ended: false, line, details: [String(error), ...said] };
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

/** Lets work go on until the limit, and ends with it: nothing of it is left when the next drill begins. */
async function withinLimits<T>(
  { seconds, graceSeconds }: Limits,
  run: (over: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const ended = new AbortController();
  const limit = async (): Promise<never> => {
    await sleep(seconds * 1_000, undefined, { signal: ended.signal });
    over.abort(new Error(`no end after ${seconds} s`));
    await sleep(graceSeconds * 1_000, undefined, { signal: ended.signal });
    throw new DrillEndless(`the drill goes on, ${graceSeconds} s after it was told to end`);
  };
  const tooLong = limit();
  tooLong.catch(() => undefined);
  try {
    return await Promise.race([run(over.signal), tooLong]);
  } finally {
    ended.abort();
  }
}
