import { name } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { time } from './fields.ts';

const names = z
  .array(name)
  .max(50)
  .transform((list) => [...new Set(list)]);

const lists = {
  genres: names,
  artists: names,
  cities: names,
  venues: names,
  djs: names,
  nights: z
    .array(z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']))
    .max(7)
    .transform((list) => [...new Set(list)]),
};

const budgetMax = z.number().min(0).max(100_000).multipleOf(0.01).nullable();
const radiusKm = z.int().min(1).max(1_000).nullable();

export const preferences = z.object({
  ...lists,
  budgetMax: budgetMax.describe('Euros a ticket may cost; null for any'),
  radiusKm: radiusKm.describe('How far away; null for any'),
  updatedAt: time.nullable(),
});

export const preferencesContract = {
  getPreferences: {
    method: 'get',
    path: '/auth/preferences',
    published: '/v1/auth/preferences',
    summary: 'What the own account likes',
    auth: 'user',
    response: { status: 200, body: preferences },
  },
  changePreferences: {
    method: 'patch',
    path: '/auth/preferences',
    published: '/v1/auth/preferences',
    summary: 'Change what is named and nothing else; an empty list or null clears one',
    auth: 'user',
    request: {
      body: z.strictObject({
        genres: lists.genres.optional(),
        artists: lists.artists.optional(),
        cities: lists.cities.optional(),
        venues: lists.venues.optional(),
        djs: lists.djs.optional(),
        nights: lists.nights.optional(),
        budgetMax: budgetMax.optional(),
        radiusKm: radiusKm.optional(),
      }),
    },
    response: { status: 200, body: preferences },
  },
} as const satisfies Contract;
