const ZONE = 'Europe/Dublin';
const DAY_MS = 86_400_000;

/** The moment at which a day (`2026-12-01`) begins in Ireland. */
export function startOfIrishDay(day: string): Date {
  const utcMidnight = Date.parse(`${day}T00:00:00Z`);
  // Ireland is at UTC or an hour ahead of it; the offset that holds at its own midnight is right.
  const asSummer = new Date(utcMidnight - 3_600_000);
  return irishDate(asSummer) === day ? asSummer : new Date(utcMidnight);
}

/** The moment at which a day ends in Ireland, which is 23 to 25 hours after it began. */
export function endOfIrishDay(day: string): Date {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return startOfIrishDay(next);
}

const dates = new Intl.DateTimeFormat('sv-SE', { timeZone: ZONE, dateStyle: 'short' });

/** The day that calendars in Ireland show at a moment. */
export const irishDate = (moment: Date) => dates.format(moment);
