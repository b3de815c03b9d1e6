import type { SourceEvent } from '../../canonical/source-event.ts';
import { IRELAND, isZone, momentAt } from '../../domain/venue-time.ts';
import { genreSlugOf } from '../genre.ts';
import { positionOf, priceOf } from '../values.ts';
import type { Row } from './schema.ts';

/** `onsale` and `offsale` say nothing of whether the doors open. */
const STATUS: ReadonlyMap<string, SourceEvent['status']> = new Map([
  ['cancelled', 'cancelled'],
  ['canceled', 'cancelled'],
  ['postponed', 'postponed'],
]);

/** A row as an event in the city that was found for it. */
export function toEvent(row: Row, city: string): SourceEvent | undefined {
  const { dates, priceRanges, classifications, ageRestrictions, images, _embedded } = row;
  const [venue] = _embedded.venues;
  const named = [dates.timezone, venue?.timezone].find((zone) => zone && isZone(zone));
  const { dateTime, localDate, localTime, ...unsure } = dates.start;
  const hasTime = !unsure.timeTBA && !unsure.noSpecificTime && (dateTime ?? localTime) !== null;
  const startsAt =
    hasTime && dateTime
      ? new Date(dateTime)
      : momentAt(
          localDate ?? dateTime?.slice(0, 10) ?? '',
          hasTime ? (localTime ?? '00:00') : '00:00',
          named ?? IRELAND,
        );
  const end = dates.end?.dateTime ? new Date(dates.end.dateTime) : null;
  const [price] = priceRanges;
  const wide = images.toSorted((a, b) => score(b) - score(a))[0];
  return {
    source: 'ticketmaster',
    sourceId: row.id,
    title: row.name,
    city,
    startsAt,
    hasTime,
    endsAt: end && end > startsAt ? end : null,
    venue: venue?.name ? { name: venue.name, position: positionOf(venue.location) } : null,
    status: dates.status ? (STATUS.get(dates.status.code.toLowerCase()) ?? 'scheduled') : null,
    description: row.info ?? row.pleaseNote,
    ticketUrl: row.url,
    imageUrl: wide?.url ?? null,
    price: price ? priceOf(price.min, price.max, price.currency) : null,
    ageMin: ageRestrictions?.legalAgeEnforced ? 18 : null,
    genres: [
      ...new Set(
        classifications.flatMap(({ genre, subGenre }) =>
          [genre, subGenre].flatMap((it) => (it && genreSlugOf(it.name)) ?? []),
        ),
      ),
    ],
    artists: _embedded.attractions.map(({ name }) => name),
  };
}

/** A wide picture of about a thousand points does for a page. */
const score = ({ width, ratio }: { readonly width: number; readonly ratio: string }) =>
  (ratio === '16_9' ? 10_000 : 0) - Math.abs(width - 1_000);
