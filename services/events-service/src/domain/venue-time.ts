export const IRELAND = 'Europe/Dublin';
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The moment at which clocks of a zone show a day and a time (`2026-07-01`, `20:00` or `20:00:00`). In
 * the hour that summer time skips, the moment is one hour later; in the hour it repeats, the first one.
 */
export function momentAt(day: string, time: string, zone: string = IRELAND): Date {
  const wall = Date.parse(`${day}T${time.slice(0, 5)}:00Z`);
  const early = wall - offsetOf(wall - 86_400_000, zone);
  const late = wall - offsetOf(wall + 86_400_000, zone);
  const [first, second] = [Math.min(early, late), Math.max(early, late)];
  return new Date(first + offsetOf(first, zone) === wall ? first : second);
}

/** A night's date: it begins at six in the morning, unless the day alone is known. */
export function nightOf(startsAt: Date, hasTime: boolean): string {
  const moment = startsAt.getTime() - (hasTime ? 6 * 3_600_000 : 0);
  return new Date(moment + offsetOf(moment, IRELAND)).toISOString().slice(0, 10);
}

/** How far a zone's clocks are ahead of UTC at a moment. */
function offsetOf(moment: number, zone: string): number {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(zone, format);
  }
  return (
    Date.parse(`${format.format(moment).replace(' ', 'T')}Z`) - Math.floor(moment / 1000) * 1000
  );
}

/** Whether a name is a zone that clocks can be asked about. */
export function isZone(name: string): boolean {
  try {
    offsetOf(0, name);
    return true;
  } catch {
    return false;
  }
}
