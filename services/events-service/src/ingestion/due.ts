import type { TimeWindow } from '../domain/time-window.ts';

/** What is known of a source in one scope, such as a city, or of the source as a whole. */
export interface State {
  readonly windowTo: Date | null;
  readonly succeededAt: Date | null;
  readonly failures: number;
  readonly dueAt: Date | null;
  readonly requestedAt: Date | null;
  readonly error: string | null;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const SHORTEST_MS = 10 * MINUTE_MS;
const LONGEST_MS = DAY_MS;
const WINDOW_DAYS = 120;

/** What is asked for: the night that is on, and four months. */
export function windowAt(now: Date): TimeWindow {
  const from = new Date(Math.floor((now.getTime() - DAY_MS / 2) / 1_000) * 1_000);
  return { from, to: new Date(from.getTime() + WINDOW_DAYS * DAY_MS) };
}

/** Whether a scope is to be asked for: it is not fresh, or its window ends too soon, or an admin wants it. */
export function isDue(state: State | undefined, window: TimeWindow, now: Date): boolean {
  if (isClosed(state, now)) return false;
  if (!state?.succeededAt) return true;
  if (state.requestedAt && state.requestedAt > state.succeededAt) return true;
  if (!state.windowTo || window.to.getTime() - state.windowTo.getTime() > 2 * DAY_MS) return true;
  return !state.dueAt || state.dueAt <= now;
}

/** Whether a source, or a scope of it, is left alone: after failures, whoever asks. */
export const isClosed = (state: State | undefined, now: Date): boolean =>
  state !== undefined && state.failures > 0 && state.dueAt !== null && state.dueAt > now;

/** Longer with each failure, and never before the source itself allows. */
export function closedUntil(failures: number, retryAt: Date | undefined, now: Date): Date {
  const pause = Math.min(LONGEST_MS, SHORTEST_MS * 2 ** Math.min(failures - 1, 10));
  return new Date(Math.max(now.getTime() + pause, retryAt?.getTime() ?? 0));
}
