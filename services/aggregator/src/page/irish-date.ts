const inIreland = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-IE', { timeZone: 'Europe/Dublin', ...options });

const weekday = inIreland({ weekday: 'short' });
const day = inIreland({ day: 'numeric' });
const month = inIreland({ month: 'short' });
const clock = inIreland({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });

/** A moment as people in Ireland say it. */
export function irishDate(iso: string) {
  const moment = new Date(iso);
  return {
    weekday: weekday.format(moment),
    day: day.format(moment),
    month: month.format(moment),
    clock: clock.format(moment),
  };
}
