import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, nameList, searchText } from '@whatsthecraic/platform/fields';
import type { Contract, RouteContract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { event } from '../event.ts';

export const performer = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    genres: z.array(z.string()).describe('Of their events to come, the most frequent first'),
    imageUrl: z.string().nullable().describe('Of the next event that they headline'),
    upcoming: z.int().min(0).describe('Events to come'),
    nextAt: z.iso.datetime().nullable(),
  })
  .describe('An artist');
export type Performer = z.output<typeof performer>;

const page = { nextCursor: z.string().nullable(), hasMore: z.boolean() };
const byId = { params: z.object({ id: idParam }) };
const problems = { 404: 'performer_not_found' };

const follow = <Method extends 'put' | 'delete'>(method: Method, summary: string) =>
  ({
    method,
    path: '/v1/performers/:id/follow',
    published: '/v1/performers/:id/follow',
    summary,
    auth: 'user',
    request: byId,
    response: { status: 204, body: z.undefined() },
    problems,
  }) as const satisfies RouteContract;

export const performersContract = {
  listPerformers: {
    method: 'get',
    path: '/v1/performers',
    published: '/v1/performers',
    summary: 'Artists with events to come, by name',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      query: z.strictObject({
        q: searchText.optional().describe('Words of the name'),
        city: name.optional().describe('With an event to come in this city'),
        genres: nameList.optional().describe('With an event to come of any of these'),
        ...pageQuery,
      }),
    },
    response: { status: 200, body: z.object({ performers: z.array(performer), ...page }) },
  },
  getPerformer: {
    method: 'get',
    path: '/v1/performers/:id',
    published: '/v1/performers/:id',
    summary: 'One artist with the next events, the soonest first',
    auth: 'public',
    cache: 'public, max-age=60',
    request: byId,
    response: { status: 200, body: performer.extend({ events: z.array(event) }) },
    problems,
  },
  followPerformer: follow(
    'put',
    'Follow an artist, whose events come first in the feed; again it does nothing more',
  ),
  unfollowPerformer: follow('delete', 'Follow an artist no longer; again it does nothing more'),
  listFollowed: {
    method: 'get',
    path: '/v1/users/me/performers',
    published: '/v1/users/me/performers',
    summary: 'The artists that one follows, the last followed first',
    auth: 'user',
    request: { query: z.strictObject(pageQuery) },
    response: { status: 200, body: z.object({ performers: z.array(performer), ...page }) },
  },
} as const satisfies Contract;
