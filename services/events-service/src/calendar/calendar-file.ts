import type { Event } from '../store/event-row.ts';
import { escapeText, foldLine, utcTime } from './content-line.ts';

export interface Entry {
  readonly event: Event;
  readonly changedAt: Date;
  /** Grows with each change, so that a reader knows which of two is the newer one. */
  readonly sequence: number;
}

const STATUS = { scheduled: 'CONFIRMED', postponed: 'TENTATIVE', cancelled: 'CANCELLED' } as const;

/**
 * Events as a file of RFC 5545. Moments are in UTC, so that no table of zones has to travel with them;
 * the stamp is that of the event's last change, so that the same events are the same file. Ours, since
 * ical-generator 11 escapes a URL as if it were a text, which breaks it.
 */
export function calendarFile(entries: readonly Entry[], name?: string): string {
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//whatsthecraic//events//EN',
    'CALSCALE:GREGORIAN',
    'METHOD:PUBLISH',
    ...(name === undefined ? [] : subscription(name)),
    ...entries.flatMap(toLines),
    'END:VCALENDAR',
  ];
  return lines.map((line) => `${foldLine(line)}\r\n`).join('');
}

/** Of what is read again and again: a name (RFC 7986, and before it) and how often. */
const subscription = (name: string) => [
  `NAME:${escapeText(name)}`,
  `X-WR-CALNAME:${escapeText(name)}`,
  'REFRESH-INTERVAL;VALUE=DURATION:PT1H',
  'X-PUBLISHED-TTL:PT1H',
];

function toLines({ event, changedAt, sequence }: Entry): string[] {
  const { venue, city, description, endsAt, ticketUrl } = event;
  return [
    'BEGIN:VEVENT',
    `UID:wtc-event-${event.id}@whatsthecraic`,
    `DTSTAMP:${utcTime(changedAt)}`,
    `LAST-MODIFIED:${utcTime(changedAt)}`,
    `SEQUENCE:${sequence}`,
    `DTSTART:${utcTime(new Date(event.startsAt))}`,
    ...(endsAt ? [`DTEND:${utcTime(new Date(endsAt))}`] : []),
    `SUMMARY:${escapeText(event.title)}`,
    ...(description ? [`DESCRIPTION:${escapeText(description)}`] : []),
    `LOCATION:${escapeText(venue ? `${venue.name}, ${city}` : city)}`,
    // A URI is no text: nothing in it is escaped, and a line break would begin a line of its own.
    ...(ticketUrl ? [`URL:${ticketUrl.replace(/\s/g, '%20')}`] : []),
    `STATUS:${STATUS[event.status]}`,
    'END:VEVENT',
  ];
}
