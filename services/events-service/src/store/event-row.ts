import { genreList, genresOf } from '@whatsthecraic/platform/genre-names';
import { z } from 'zod';
import type { event } from '../event.ts';

export type Event = z.output<typeof event>;

export const eventColumns = `e.id, e.title, e.description, e.starts_at AS startsAt,
  e.ends_at AS endsAt, e.city, e.status, e.ticket_url AS ticketUrl, e.price_min_minor AS priceMin,
  e.price_max_minor AS priceMax, e.currency, v.id AS venueId, COALESCE(v.name, p.venue_name) AS venueName,
  e.image_url AS imageUrl,
  ${genresOf('event_genres', 'event_id', 'e.id')} AS genres`;

const row = z.object({
  id: z.int(),
  title: z.string(),
  description: z.string().nullable(),
  startsAt: z.date(),
  endsAt: z.date().nullable(),
  city: z.string(),
  status: z.enum(['scheduled', 'postponed', 'cancelled']),
  ticketUrl: z.string().nullable(),
  imageUrl: z.string().nullable(),
  priceMin: z.int().nullable(),
  priceMax: z.int().nullable(),
  currency: z.string(),
  venueId: z.int().nullable(),
  venueName: z.string().nullable(),
  genres: genreList,
});

/** A row of `eventColumns` as the event that callers see. */
export const eventRow = row.transform((it): Event => {
  const { venueId, venueName, priceMin, priceMax, currency, ...rest } = it;
  const known = priceMin !== null || priceMax !== null;
  return {
    ...rest,
    startsAt: it.startsAt.toISOString(),
    endsAt: it.endsAt?.toISOString() ?? null,
    venue: venueName === null ? null : { id: venueId, name: venueName },
    price: known ? { min: toMajor(priceMin), max: toMajor(priceMax), currency } : null,
  };
});

const toMajor = (minor: number | null) => (minor === null ? null : minor / 100);
