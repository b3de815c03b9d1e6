import type { SourceEvent, SourceRecord } from '../../src/canonical/source-event.ts';

/** A source's event in which nothing is special. */
export const sourceEvent = (with_: Partial<SourceEvent> = {}): SourceEvent => ({
  source: 'ticketmaster',
  sourceId: 'a',
  title: 'Paper Wolves',
  city: 'Dublin',
  startsAt: new Date('2026-12-04T20:00:00Z'),
  hasTime: true,
  endsAt: null,
  venue: { name: 'The Lantern', position: { latitude: 53.34, longitude: -6.26 } },
  status: null,
  description: null,
  ticketUrl: null,
  imageUrl: null,
  price: null,
  ageMin: null,
  genres: [],
  artists: [],
  ...with_,
});

let made = 0;
export function record(with_: Partial<SourceRecord> = {}): SourceRecord {
  made += 1;
  return {
    ...sourceEvent({ sourceId: `s-${made}` }),
    id: made,
    eventId: null,
    formerStartsAt: null,
    isGone: false,
    ...with_,
  };
}
