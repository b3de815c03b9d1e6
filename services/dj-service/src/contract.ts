import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, searchText } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

/** What the public may know of a DJ: never how to reach one. */
export const dj = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    city: z.string(),
    bio: z.string().nullable(),
    genres: z.array(z.string()),
    fee: z.object({ amount: z.number(), currency: z.string().length(3) }).nullable(),
  })
  .describe('A DJ');

const page = z.object({
  djs: z.array(dj),
  nextCursor: z.string().nullable(),
  hasMore: z.boolean(),
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
    summary: 'DJs by name, place, genre and fee',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        q: searchText.optional().describe('Words of the name'),
        city: name.optional(),
        genre: name.optional(),
        feeMax: z.coerce
          .number()
          .min(0)
          .max(1_000_000)
          .optional()
          .describe('A known fee up to this'),
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
} as const satisfies Contract;
