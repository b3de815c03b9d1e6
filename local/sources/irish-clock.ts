import type { Gig } from './world.ts';

const DAY_MS = 86_400_000;

/** Ireland’s clock as UTC: summer time from the last Sunday of March to that of October, 01:00 UTC. */
export function utcOf({ date, time }: Pick<Gig, 'date' | 'time'>): string {
  const asUtc = Date.parse(`${date}T${time}Z`);
  const isSummer =
    asUtc - 3_600_000 >= lastSunday(date, 2) && asUtc - 3_600_000 < lastSunday(date, 9);
  return `${new Date(asUtc - (isSummer ? 3_600_000 : 0)).toISOString().slice(0, 19)}Z`;
}

function lastSunday(date: string, month: number): number {
  const end = new Date(Date.UTC(Number(date.slice(0, 4)), month + 1, 0, 1));
  return end.getTime() - end.getUTCDay() * DAY_MS;
}

/** The same moment as clocks there show it, with how far they are ahead: `2026-07-01T20:00:00+01:00`. */
export const withOffset = ({ date, time }: Pick<Gig, 'date' | 'time'>): string =>
  `${date}T${time}${utcOf({ date, time }).slice(11, 19) === time ? 'Z' : '+01:00'}`;
