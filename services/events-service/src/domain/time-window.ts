import { InvalidRequest } from '@whatsthecraic/platform/errors';
import { endOfIrishDay, startOfIrishDay } from './irish-time.ts';
import { momentAt, nightOf } from './venue-time.ts';

const DEFAULT_DAYS = 90;
const DAY_MS = 86_400_000;

export interface TimeWindow {
  readonly from: Date;
  /** The first moment that is out of it. */
  readonly to: Date;
}

/** Nights that people ask for by name. */
export const NIGHTS = ['tonight', 'tomorrow', 'weekend'] as const;
export type Night = (typeof NIGHTS)[number];

export interface WindowAsked {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly when?: Night | undefined;
}

/** What a search means by its times: days are Irish days, and nothing that has begun is shown. */
export function timeWindow({ from, to, when }: WindowAsked, now: Date): TimeWindow {
  if (when === undefined) return daysOf(from, to, now);
  if (from === undefined && to === undefined) return later(nightsOf(when, now), now);
  const field = from === undefined ? 'query.to' : 'query.from';
  throw new InvalidRequest([{ field, message: `goes without when=${when}, or when without it` }]);
}

function daysOf(from: string | undefined, to: string | undefined, now: Date): TimeWindow {
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

/**
 * A night goes from five in the evening until six in the morning, by Irish clocks: what begins at half
 * past midnight belongs to the evening before. A weekend goes from Friday's night to Sunday's, and is
 * the present one until its last night is over.
 */
function nightsOf(when: Night, now: Date): TimeWindow {
  const tonight = nightOf(now, true);
  if (when !== 'weekend') {
    const night = when === 'tonight' ? tonight : dayAfter(tonight, 1);
    return { from: momentAt(night, '17:00'), to: momentAt(dayAfter(night, 1), '06:00') };
  }
  const weekday = new Date(`${tonight}T00:00:00Z`).getUTCDay();
  const friday = dayAfter(tonight, weekday === 0 ? -2 : 5 - weekday);
  return { from: momentAt(friday, '17:00'), to: momentAt(dayAfter(friday, 3), '06:00') };
}

const later = ({ from, to }: TimeWindow, now: Date): TimeWindow => ({
  from: from < now ? now : from,
  to,
});

const dayAfter = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

const isDay = (text: string) => text.length === 10;
