import { InvalidRequest } from '@whatsthecraic/platform/errors';
import { endOfIrishDay, startOfIrishDay } from './irish-time.ts';

const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

export interface TimeWindow {
  readonly from: Date;
  /** The first moment that is out of it. */
  readonly to: Date;
}

/** What `from` and `to` of a search mean: days are Irish days, and nothing that is over is shown. */
export function timeWindow(
  from: string | undefined,
  to: string | undefined,
  now: Date,
): TimeWindow {
  const asked = from === undefined ? now : isDay(from) ? startOfIrishDay(from) : new Date(from);
  const start = asked < now ? now : asked;
  const end =
    to === undefined
      ? new Date(start.getTime() + DEFAULT_DAYS * DAY_MS)
      : isDay(to)
        ? endOfIrishDay(to)
        : new Date(to);
  if (from !== undefined && to !== undefined && end <= asked) {
    throw new InvalidRequest([{ field: 'query.to', message: 'is before from' }]);
  }
  return { from: start, to: end };
}

const isDay = (text: string) => text.length === 10;
