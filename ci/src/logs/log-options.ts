import { invalid } from '../arguments.ts';

export interface LogOptions {
  /** Lines of each container, the last ones. */
  readonly tail: number;
  /** As kubectl takes it, such as 10m; from the beginning if absent. */
  readonly since?: string;
  /** The containers that ended before the present ones. */
  readonly previous: boolean;
}

const mostLines = 2_000;

/** Reads what `logs` is asked for; refuses what could not be carried or would mean nothing. */
export function parseLogOptions(given: {
  readonly tail: number;
  readonly since: string | undefined;
  readonly previous: boolean;
}): LogOptions {
  const { tail, since, previous } = given;
  if (!Number.isInteger(tail) || tail < 1 || tail > mostLines) {
    throw invalid('--tail', String(tail), `Give a whole number of lines from 1 to ${mostLines}.`);
  }
  if (since === undefined || since === '') return { tail, previous };
  if (!/^[1-9]\d{0,4}[smh]$/.test(since)) {
    throw invalid('--since', since, 'Give a time such as 30s, 10m or 2h.');
  }
  return { tail, previous, since };
}
