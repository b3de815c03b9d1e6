import { pageQuery } from '@whatsthecraic/platform/cursor';
import { changesPage, changesQuery } from '@whatsthecraic/platform/directory/audit';
import { keeperRoutes } from '@whatsthecraic/platform/directory/routes';
import {
  changeOf,
  genreNames,
  idParam,
  moment,
  name,
  position,
  price,
  text,
} from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { momentAt } from '../domain/venue-time.ts';

/** An event as its keeper entered it; `eventId` is what everybody else sees of it. */
export const localEvent = z
  .object({
    id: z.int().positive(),
    eventId: z.int().positive().nullable().describe('Its number in searches'),
    title: z.string(),
    description: z.string().nullable(),
    startsAt: z.iso.datetime().describe('UTC'),
    endsAt: z.iso.datetime().nullable(),
    city: z.string(),
    venue: z
      .object({
        id: z.int().positive().nullable().describe('null: not in the directory of venues'),
        name: z.string(),
        position: position.nullable(),
      })
      .nullable(),
    genres: z.array(z.string()),
    artists: z.array(z.string()).describe('The headliner first'),
    price: price.nullable(),
    ageMin: z.int().nullable(),
    status: z.enum(['scheduled', 'postponed', 'cancelled']),
    ticketUrl: z.string().nullable(),
    imageUrl: z.string().nullable(),
  })
  .describe('An event that an organizer keeps');
export type LocalEvent = z.output<typeof localEvent>;

const irishClock = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d$/,
    'expected a time with its zone (2026-12-01T20:00:00Z), or as Irish clocks show it (2026-12-01T20:00)',
  )
  .refine((it) => !Number.isNaN(Date.parse(`${it}:00Z`)), 'there is no such day or time')
  .transform((it) => momentAt(it.slice(0, 10), it.slice(11)));
const when = z.union([moment, irishClock], {
  error:
    'expected a time with its zone (2026-12-01T20:00:00Z), or as Irish clocks show it (2026-12-01T20:00)',
});
const link = z.url({ protocol: /^https?$/, error: 'expected a link' }).max(2_048);
const amount = z.number().min(0).max(100_000);

/** Every field of a new event that may also be changed. */
const fields = {
  title: text(300),
  description: text(20_000).nullable(),
  startsAt: when,
  endsAt: when.nullable(),
  city: name.optional().describe('Not needed with a venue of the directory'),
  venue: z
    .strictObject({
      id: z.int().positive().optional().describe('Of the directory of venues'),
      name: text(160).optional().describe('Of a venue that is not in it'),
      position: z
        .strictObject({
          latitude: z.number().min(-90).max(90),
          longitude: z.number().min(-180).max(180),
        })
        .optional(),
    })
    .nullable(),
  genres: genreNames,
  artists: z.array(text(160)).max(30),
  price: z
    .strictObject({
      min: amount.nullable().default(null),
      max: amount.nullable().default(null),
      currency: z.enum(['EUR', 'GBP']).default('EUR'),
    })
    .nullable(),
  ageMin: z.int().min(0).max(30).nullable(),
  status: z.enum(['scheduled', 'postponed', 'cancelled']),
  ticketUrl: link.nullable(),
  imageUrl: link.nullable(),
};

const newLocalEvent = z.strictObject({
  ...fields,
  description: fields.description.default(null),
  endsAt: fields.endsAt.default(null),
  venue: fields.venue.default(null),
  genres: fields.genres.default([]),
  artists: fields.artists.default([]),
  price: fields.price.default(null),
  ageMin: fields.ageMin.default(null),
  status: fields.status.default('scheduled'),
  ticketUrl: fields.ticketUrl.default(null),
  imageUrl: fields.imageUrl.default(null),
});
export type NewLocalEvent = z.output<typeof newLocalEvent>;

const localEventChange = changeOf({
  title: fields.title.optional(),
  description: fields.description.optional(),
  startsAt: fields.startsAt.optional(),
  endsAt: fields.endsAt.optional(),
  city: fields.city,
  venue: fields.venue.optional(),
  genres: fields.genres.optional(),
  artists: fields.artists.optional(),
  price: fields.price.optional(),
  ageMin: fields.ageMin.optional(),
  status: fields.status.optional(),
  ticketUrl: fields.ticketUrl.optional(),
  imageUrl: fields.imageUrl.optional(),
});
export type LocalEventChange = z.output<typeof localEventChange>;

const kept = keeperRoutes({
  path: '/events',
  versioned: '/v1/events',
  one: 'local_event',
  called: 'local event',
  entry: localEvent,
  create: newLocalEvent,
  change: localEventChange,
});

const KEEPERS = ['organizer', 'admin'] as const;
const byId = z.object({ id: idParam });

export const localEventsContract = {
  listLocalEvents: {
    method: 'get',
    path: '/events',
    published: '/events',
    summary: 'Events that you keep, newest first; all of them for an admin',
    auth: KEEPERS,
    request: { query: z.strictObject(pageQuery) },
    response: {
      status: 200,
      body: z.object({
        events: z.array(localEvent),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  getLocalEvent: {
    method: 'get',
    path: '/events/:id',
    published: '/events/:id',
    summary: 'One event that you keep',
    auth: KEEPERS,
    request: { params: byId },
    response: { status: 200, body: localEvent },
    problems: { 404: 'local_event_not_found' },
  },
  createLocalEvent: kept.create,
  changeLocalEvent: kept.change,
  removeLocalEvent: kept.remove,
  listLocalEventChanges: {
    method: 'get',
    path: '/events/:id/changes',
    published: '/events/:id/changes',
    summary: 'Who changed an event that you keep, and when; newest first',
    auth: KEEPERS,
    request: { params: byId, query: changesQuery },
    response: { status: 200, body: changesPage },
    problems: { 404: 'local_event_not_found' },
  },
} as const satisfies Contract;
