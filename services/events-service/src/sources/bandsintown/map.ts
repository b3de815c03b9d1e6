import type { SourceEvent } from '../../canonical/source-event.ts';
import { momentAt } from '../../domain/venue-time.ts';
import { positionFrom } from '../values.ts';
import type { Row } from './schema.ts';

/** A row as an event in the city that was found for it, whose clocks are Ireland's. */
export function toEvent(row: Row, city: string): SourceEvent | undefined {
  const { venue, lineup, offers } = row;
  const start = row.datetime ?? row.starts_at;
  const title = row.title ?? lineup[0];
  if (!start || !title) return undefined;
  const startsAt = momentAt(start.day, start.time);
  const endsAt = row.ends_at && momentAt(row.ends_at.day, row.ends_at.time);
  return {
    source: 'bandsintown',
    sourceId: row.id,
    title,
    city,
    startsAt,
    hasTime: start.time !== '00:00',
    endsAt: endsAt && endsAt > startsAt ? endsAt : null,
    venue: venue.name
      ? { name: venue.name, position: positionFrom(venue.latitude, venue.longitude) }
      : null,
    status: null,
    description: row.description,
    ticketUrl: offers[0]?.url ?? row.url,
    imageUrl: null,
    price: row.free ? { min: 0, max: 0, currency: 'EUR' } : null,
    ageMin: null,
    genres: [],
    artists: lineup,
  };
}
