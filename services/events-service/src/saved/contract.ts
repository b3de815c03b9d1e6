import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { event } from '../event.ts';

const path = '/v1/events/:id/save';
const byId = { params: z.object({ id: idParam }) };

export const savedContract = {
  saveEvent: {
    method: 'put',
    path,
    published: path,
    summary: 'Keep an event for later; again it does nothing more',
    auth: 'user',
    request: byId,
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'event_not_found' },
  },
  unsaveEvent: {
    method: 'delete',
    path,
    published: path,
    summary: 'Keep an event no longer; again it does nothing more',
    auth: 'user',
    request: byId,
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'event_not_found' },
  },
  listSaved: {
    method: 'get',
    path: '/v1/users/me/saved',
    published: '/v1/users/me/saved',
    summary: "One's own saved events, the last saved first, those that are over too",
    auth: 'user',
    request: { query: z.strictObject(pageQuery) },
    response: {
      status: 200,
      body: z.object({
        events: z.array(event.extend({ savedAt: z.iso.datetime() })),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
} as const satisfies Contract;
