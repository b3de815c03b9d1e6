import type { Queries } from '@whatsthecraic/platform/database';
import { requireCity, requireGenres } from '@whatsthecraic/platform/directory/reference';
import { type FieldError, InvalidRequest } from '@whatsthecraic/platform/errors';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { metresBetween } from '../canonical/distance.ts';
import type { SourceEvent } from '../canonical/source-event.ts';
import { readCities } from '../store/cities.ts';
import type { LocalEventChange } from './contract.ts';

export interface ChosenVenue {
  readonly id: number;
  readonly name: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
}

const DAY_MS = 86_400_000;
const LONGEST_DAYS = 14;
const FARTHEST_DAYS = 2 * 366;
/** A city's villages are its own, another county's are not. */
const FARTHEST_M = 75_000;

/** What a new or changed event says, as a source would say it; throws what is wrong with it, by field. */
export async function toSourceEvent(
  queries: Queries,
  sourceId: string,
  body: LocalEventChange,
  {
    before,
    venue,
    now,
  }: {
    readonly before: SourceEvent | undefined;
    readonly venue: ChosenVenue | undefined;
    readonly now: Date;
  },
): Promise<SourceEvent> {
  const startsAt = body.startsAt ?? before?.startsAt ?? now;
  const endsAt = body.endsAt === undefined ? (before?.endsAt ?? null) : body.endsAt;
  const price = body.price === undefined ? before?.price : body.price && minor(body.price);
  const wrong = [
    ...(body.startsAt ? wrongStart(body.startsAt, now) : []),
    ...wrongEnd(startsAt, endsAt),
    ...wrongPrice(price ?? null),
  ];
  if (wrong.length > 0) throw new InvalidRequest(wrong);
  const place = await placeOf(queries, body, before, venue);
  return {
    source: 'local',
    sourceId,
    title: body.title ?? before?.title ?? '',
    description: body.description === undefined ? (before?.description ?? null) : body.description,
    startsAt,
    hasTime: true,
    endsAt,
    ...place,
    status: body.status ?? before?.status ?? 'scheduled',
    ticketUrl: body.ticketUrl === undefined ? (before?.ticketUrl ?? null) : body.ticketUrl,
    imageUrl: body.imageUrl === undefined ? (before?.imageUrl ?? null) : body.imageUrl,
    price: price ?? null,
    ageMin: body.ageMin === undefined ? (before?.ageMin ?? null) : body.ageMin,
    genres: body.genres ? await slugsOf(queries, body.genres) : (before?.genres ?? []),
    artists: body.artists ?? before?.artists ?? [],
  };
}

function wrongStart(startsAt: Date, now: Date): FieldError[] {
  if (startsAt.getTime() < now.getTime() - DAY_MS) {
    return [{ field: 'body.startsAt', message: 'lies in the past' }];
  }
  if (startsAt.getTime() > now.getTime() + FARTHEST_DAYS * DAY_MS) {
    return [{ field: 'body.startsAt', message: 'lies more than two years ahead' }];
  }
  return [];
}

function wrongEnd(startsAt: Date, endsAt: Date | null): FieldError[] {
  if (!endsAt) return [];
  if (endsAt <= startsAt) return [{ field: 'body.endsAt', message: 'is not after startsAt' }];
  if (endsAt.getTime() - startsAt.getTime() > LONGEST_DAYS * DAY_MS) {
    const message = `is more than ${LONGEST_DAYS} days after startsAt; enter each day by itself`;
    return [{ field: 'body.endsAt', message }];
  }
  return [];
}

function wrongPrice(price: SourceEvent['price']): FieldError[] {
  if (!price || price.min === null || price.max === null || price.max >= price.min) return [];
  return [{ field: 'body.price.max', message: 'is less than min' }];
}

/** Where it is: at a venue of the directory, at one that is named, or only in a city. */
async function placeOf(
  queries: Queries,
  body: LocalEventChange,
  before: SourceEvent | undefined,
  venue: ChosenVenue | undefined,
): Promise<Pick<SourceEvent, 'city' | 'venue'>> {
  if (venue) {
    const { name, city, latitude, longitude } = venue;
    if (body.city !== undefined && (await requireCity(queries, body.city)) !== city) {
      throw new InvalidRequest([
        { field: 'body.city', message: `venue ${venue.id} is in ${city}` },
      ]);
    }
    return { city, venue: { name, position: { latitude, longitude } } };
  }
  const named = body.city ?? before?.city;
  if (named === undefined) {
    const message = 'expected a city, or a venue of the directory by its id';
    throw new InvalidRequest([{ field: 'body.city', message }]);
  }
  const city = await requireCity(queries, named);
  if (body.venue === undefined) return { city, venue: before?.venue ?? null };
  if (body.venue === null) return { city, venue: null };
  const { name, position = null } = body.venue;
  if (name === undefined) {
    throw new InvalidRequest([{ field: 'body.venue', message: 'expected an id, or a name' }]);
  }
  const own = (await readCities(queries)).find((it) => it.name === city);
  if (position && own && metresBetween(own.position, position) > FARTHEST_M) {
    const km = Math.round(metresBetween(own.position, position) / 1_000);
    const message = `lies ${km} km from ${city}`;
    throw new InvalidRequest([{ field: 'body.venue.position', message }]);
  }
  return { city, venue: { name, position } };
}

const minor = ({ min, max, currency }: NonNullable<LocalEventChange['price']>) => ({
  min: min === null ? null : Math.round(min * 100),
  max: max === null ? null : Math.round(max * 100),
  currency,
});

async function slugsOf(queries: Queries, names: readonly string[]): Promise<string[]> {
  const ids = await requireGenres(queries, names);
  if (ids.length === 0) return [];
  return queries.search(
    `SELECT slug FROM genres WHERE id IN (${placeholders(ids)}) ORDER BY slug`,
    ids,
    z.object({ slug: z.string() }).transform(({ slug }) => slug),
  );
}
