import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam } from '@whatsthecraic/platform/fields';
import type { Contract, RouteContract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { event } from '../event.ts';

/** A mark is set by PUT and taken off by DELETE, so that twice is once. */
const mark = <Method extends 'put' | 'delete', Word extends 'save' | 'hide'>(
  method: Method,
  word: Word,
  summary: string,
) =>
  ({
    method,
    path: `/v1/events/:id/${word}`,
    published: `/v1/events/:id/${word}`,
    summary,
    auth: 'user',
    request: { params: z.object({ id: idParam }) },
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'event_not_found' },
  }) as const satisfies RouteContract;

const list = <Word extends 'saved' | 'hidden', At extends z.ZodRawShape>(
  word: Word,
  summary: string,
  at: At,
) =>
  ({
    method: 'get',
    path: `/v1/users/me/${word}`,
    published: `/v1/users/me/${word}`,
    summary,
    auth: 'user',
    request: { query: z.strictObject(pageQuery) },
    response: {
      status: 200,
      body: z.object({
        events: z.array(event.extend(at)),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  }) as const satisfies RouteContract;

export const marksContract = {
  saveEvent: mark(
    'put',
    'save',
    'Keep an event for later; within 15 minutes it undoes the opposite, and again it does nothing more',
  ),
  unsaveEvent: mark('delete', 'save', 'Keep an event no longer; again it does nothing more'),
  listSaved: list(
    'saved',
    "One's own saved events, the last saved first, those that are over too",
    { savedAt: z.iso.datetime() },
  ),
  hideEvent: mark(
    'put',
    'hide',
    'Never be shown an event again, in the feed or among recommendations; within 15 minutes it undoes the opposite, and again it does nothing more',
  ),
  unhideEvent: mark(
    'delete',
    'hide',
    'Let an event be shown again; once more it does nothing more',
  ),
  listHidden: list('hidden', "One's own hidden events, the last hidden first", {
    hiddenAt: z.iso.datetime(),
  }),
} as const satisfies Contract;
