import { pageQuery } from '@whatsthecraic/platform/cursor';
import { contact, contactChange } from '@whatsthecraic/platform/directory/contact';
import { keeperRoutes } from '@whatsthecraic/platform/directory/routes';
import {
  changeOf,
  genreNames,
  idList,
  idParam,
  moment,
  name,
  nameList,
  searchText,
  text,
} from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { isCurrency } from './domain/money.ts';

/** What the public may know of a DJ: never how to reach one. */
export const dj = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    city: z.string(),
    bio: z.string().nullable(),
    genres: z.array(z.string()),
    fee: z
      .object({ amount: z.number(), currency: z.string().length(3) })
      .nullable()
      .describe('Asked for a night; null: not known'),
    feeInEuro: z
      .object({
        amount: z.number(),
        rateOf: z.iso.date().nullable().describe('The day of the rate; null for a fee in euros'),
        stale: z.boolean().describe('The rate is older than the bank’s longest holiday'),
      })
      .nullable()
      .describe('By the rates of the European Central Bank; null: no rate for this currency'),
  })
  .describe('A DJ');

const page = z.object({
  djs: z.array(dj),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
});

const euros = z.coerce.number().min(0).max(1_000_000);

const money = z.strictObject({
  amount: z.number().min(0).max(1_000_000),
  currency: z.string().refine(isCurrency, 'expected a currency of ISO 4217 such as EUR or GBP'),
});

const newDj = z.strictObject({
  name: text(160),
  city: name,
  bio: text(5_000).nullable().default(null),
  fee: money.nullable().default(null),
  genres: genreNames.default([]),
  contact: contactChange.optional(),
});
export type NewDj = z.output<typeof newDj>;

const djChange = changeOf({
  name: text(160).optional(),
  city: name.optional(),
  bio: text(5_000).nullable().optional(),
  fee: money.nullable().optional(),
  genres: genreNames.optional(),
  contact: contactChange.optional(),
});
export type DjChange = z.output<typeof djChange>;

const kept = keeperRoutes({
  path: '/djs',
  versioned: '/v1/djs',
  one: 'dj',
  called: 'DJ',
  entry: dj,
  create: newDj,
  change: djChange,
});

export const contract = {
  listDjs: {
    method: 'get',
    path: '/djs',
    published: '/djs',
    summary: 'All DJs by name',
    auth: 'public',
    cache: 'public, max-age=60',
    request: { query: z.strictObject(pageQuery) },
    response: { status: 200, body: page },
  },
  searchDjs: {
    method: 'get',
    path: '/v1/djs/search',
    published: '/v1/djs/search',
    summary: 'DJs by name, place, genre, fee and free time',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        q: searchText.optional().describe('Words of the name or the description'),
        city: name.optional(),
        genre: name.optional(),
        genres: nameList.optional().describe('Any of these, with commas between them'),
        feeMin: euros.optional().describe('In euros, whatever the currency of the fee'),
        feeMax: euros.optional().describe('A known fee up to this, in euros'),
        freeFrom: moment.optional().describe('With freeTo: offered for all of it, and not booked'),
        freeTo: moment.optional().describe('The first moment that need not be free'),
        ...pageQuery,
      }),
    },
    response: { status: 200, body: page },
  },
  getDj: {
    method: 'get',
    path: '/djs/:id',
    published: '/djs/:id',
    summary: 'One DJ',
    auth: 'public',
    cache: 'public, max-age=60',
    request: { params: z.object({ id: idParam }) },
    response: { status: 200, body: dj },
    problems: { 404: 'dj_not_found' },
  },
  findMentions: {
    method: 'post',
    path: '/internal/djs/mentions',
    summary: 'The DJs that texts such as titles name, for the gateway',
    auth: 'public',
    request: { body: z.strictObject({ texts: z.array(z.string().max(500)).max(100) }) },
    response: {
      status: 200,
      body: z.object({ mentions: z.array(z.array(z.object({ id: z.int(), name: z.string() }))) }),
    },
  },
  djsById: {
    method: 'get',
    path: '/internal/djs',
    summary: 'The DJs with these numbers, for the marketplace',
    auth: 'public',
    request: { query: z.strictObject({ ids: idList }) },
    response: { status: 200, body: z.object({ djs: z.array(dj) }) },
  },
  djContacts: {
    method: 'get',
    path: '/internal/djs/contacts',
    summary: 'How to reach these DJs, for whoever may know it',
    auth: ['organizer', 'admin'],
    request: { query: z.strictObject({ ids: idList }) },
    response: {
      status: 200,
      body: z.object({
        contacts: z.array(z.object({ id: z.int(), name: z.string(), contact })),
      }),
    },
  },
  matchDjs: {
    method: 'post',
    path: '/internal/djs/matches',
    summary: 'DJs who meet all of these wishes, then those who meet all but one',
    auth: 'public',
    request: {
      body: z.strictObject({
        city: name.optional(),
        genres: z.array(name).min(1).max(10).optional(),
        feeMax: z.number().min(0).max(1_000_000).optional().describe('In euros'),
        free: z.strictObject({ from: moment, to: moment }).optional(),
        limit: z.int().min(1).max(100),
        cursor: z.string().max(400).optional(),
      }),
    },
    response: {
      status: 200,
      body: z.object({
        matches: z.array(
          z.object({ entry: dj, lacks: z.enum(['genres', 'free', 'fee', 'city']).nullable() }),
        ),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  createDj: kept.create,
  changeDj: kept.change,
  removeDj: kept.remove,
  getDjContact: kept.getContact,
  listDjChanges: kept.listChanges,
  listDjAvailability: kept.listAvailability,
  addDjAvailability: kept.addAvailability,
  removeDjAvailability: kept.removeAvailability,
} as const satisfies Contract;
