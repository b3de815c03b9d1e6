import type { SourceEvent } from '../../canonical/source-event.ts';
import { IRELAND, isZone, momentAt } from '../../domain/venue-time.ts';
import { genreSlugOf } from '../genre.ts';
import { ageOf, positionFrom } from '../values.ts';
import type { Row } from './schema.ts';

/** A Map, since a row may also say `constructor`. */
const STATUS: ReadonlyMap<string, SourceEvent['status']> = new Map([
  ['canceled', 'cancelled'],
  ['live', 'scheduled'],
  ['started', 'scheduled'],
]);

/** A row as an event in the city that was found for it. */
export function toEvent(row: Row, city: string): SourceEvent {
  const { venue, subcategory } = row;
  const startsAt = momentOf(row.start);
  const endsAt = row.end && momentOf(row.end);
  const genre = subcategory && genreSlugOf(subcategory.name);
  return {
    source: 'eventbrite',
    sourceId: row.id,
    title: row.name.text,
    city,
    startsAt,
    hasTime: true,
    endsAt: endsAt && endsAt > startsAt ? endsAt : null,
    venue: venue?.name
      ? { name: venue.name, position: positionFrom(venue.latitude, venue.longitude) }
      : null,
    status: STATUS.get(row.status ?? '') ?? null,
    description: row.summary ?? row.description?.text ?? null,
    ticketUrl: row.url,
    imageUrl: row.logo?.url ?? null,
    price: priceFrom(row),
    ageMin: ageOf(row.music_properties?.age_restriction ?? null),
    genres: genre ? [genre] : [],
    artists: [],
  };
}

function momentOf({ utc, local, timezone }: Row['start']): Date {
  if (utc) return new Date(utc);
  return momentAt(
    local?.day ?? '',
    local?.time ?? '00:00',
    timezone && isZone(timezone) ? timezone : IRELAND,
  );
}

function priceFrom({ is_free, currency, ticket_availability }: Row): SourceEvent['price'] {
  if (is_free) return { min: 0, max: 0, currency: currency ?? 'EUR' };
  const { minimum_ticket_price: min, maximum_ticket_price: max } = ticket_availability ?? {};
  const known = min ?? max;
  if (!known) return null;
  const values = [min, max].flatMap((it) => (it?.currency === known.currency ? [it.value] : []));
  return {
    min: Math.min(...values),
    max: max ? Math.max(...values) : null,
    currency: known.currency,
  };
}
