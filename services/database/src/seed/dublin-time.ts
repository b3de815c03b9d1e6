const formatter = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Dublin',
  dateStyle: 'short',
  timeStyle: 'medium',
  hourCycle: 'h23',
});

/** The moment of a wall clock in Ireland, `dayOffset` days after the day of `now` there. */
export function dublinTime(now: Date, dayOffset: number, hour: number, minute: number): Date {
  const [year = 0, month = 1, day = 1] = formatter.format(now).split(/\D+/).map(Number);
  const asUtc = Date.UTC(year, month - 1, day + dayOffset, hour, minute);
  return new Date(asUtc - offsetAt(asUtc));
}

/** How far Irish clocks are ahead of UTC. Gigs do not start in the hour that a change of clocks repeats. */
function offsetAt(time: number): number {
  const parts = formatter.format(new Date(time)).split(/\D+/).map(Number);
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0] = parts;
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(time / 60_000) * 60_000;
}
