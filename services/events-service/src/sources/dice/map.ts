import type { SourceEvent } from '../../canonical/source-event.ts';
import { IRELAND, isZone, momentAt } from '../../domain/venue-time.ts';
import { genreSlugOf } from '../genre.ts';
import { ageOf, positionFrom } from '../values.ts';
import { readPrices } from './price-text.ts';
import type { Row } from './schema.ts';

/** Above it a number counts milliseconds: as seconds it would be the year 5138. */
const MOST_SECONDS = 1e11;

/** A row as an event in the city that was found for it. */
export function toEvent(row: Row, city: string): SourceEvent | undefined {
  const title = row.name ?? row.title;
  const sourceId = row.id ?? row.eventId ?? row.slug ?? row.url?.slice(0, 255);
  const starts = [row.date, row.datetime, row.startDate, row.date_unix, row.doorsOpenDate];
  const start = starts.flatMap((it) => readTime(it, row.timezone) ?? [])[0];
  if (!title || !sourceId || !start) return undefined;
  const end = readTime(row.endDate ?? row.doorsCloseDate, row.timezone)?.moment;
  const prices = [row.priceFrom, row.priceTo].filter((it) => it !== null);
  const given = prices.length > 0 ? prices : row.price === null ? [] : [row.price];
  const { location } = row;
  return {
    source: 'dice',
    sourceId,
    title,
    city,
    startsAt: start.moment,
    hasTime: start.hasTime,
    endsAt: end && end > start.moment ? end : null,
    venue: row.venue
      ? {
          name: row.venue,
          position:
            positionFrom(row.latitude, row.longitude) ??
            positionFrom(location?.lat ?? null, location?.lng ?? null),
        }
      : null,
    status: statusOf(row.status),
    description: row.description,
    ticketUrl: row.url,
    imageUrl: row.image,
    price: readPrices(given, row.currency),
    ageMin: ageOf(row.ageRestriction),
    // Tags are such as `gig:indie` or `dj:techno`.
    genres: [
      ...new Set(
        [...row.genres, ...row.tags].flatMap((tag) => genreSlugOf(tag.replace(/^\w+:/, '')) ?? []),
      ),
    ],
    artists: row.lineup.length > 0 ? row.lineup : row.artists,
  };
}

function statusOf(status: string | null): SourceEvent['status'] {
  if (status === null) return null;
  if (/cancel/i.test(status)) return 'cancelled';
  return /postpone/i.test(status) ? 'postponed' : 'scheduled';
}

/** A moment with its zone, seconds or milliseconds since 1970, or what clocks at the venue show. */
function readTime(
  value: string | number | null,
  zone: string | null,
): { moment: Date; hasTime: boolean } | undefined {
  if (value === null) return undefined;
  if (typeof value === 'number' || /^\d+$/.test(value)) {
    const number = Number(value);
    return { moment: new Date(number < MOST_SECONDS ? number * 1_000 : number), hasTime: true };
  }
  const [, day, time, offset] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::\d\d(?:\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?$/.exec(value) ??
    [];
  if (!day || Number.isNaN(Date.parse(`${day}T${time ?? '00:00'}:00Z`))) return undefined;
  if (offset && time) return { moment: new Date(value.replace(' ', 'T')), hasTime: true };
  const named = zone && isZone(zone) ? zone : IRELAND;
  return { moment: momentAt(day, time ?? '00:00', named), hasTime: time !== undefined };
}
