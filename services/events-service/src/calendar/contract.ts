import { idParam } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

/** A file of RFC 5545. */
const calendar = { status: 200, type: 'text/calendar; charset=utf-8', body: z.string() } as const;

export const calendarContract = {
  getEventCalendar: {
    method: 'get',
    path: '/v1/events/:id/calendar',
    published: '/v1/events/:id/calendar',
    summary: 'One event as a calendar file',
    auth: 'public',
    cache: 'public, max-age=15',
    request: { params: z.object({ id: idParam }) },
    response: calendar,
    problems: { 404: 'event_not_found' },
  },
  getSavedCalendar: {
    method: 'get',
    path: '/v1/users/me/calendar',
    published: '/v1/users/me/calendar',
    summary: "One's own saved events that are not over, as a calendar file",
    auth: 'user',
    response: calendar,
  },
  getCalendarFeed: {
    method: 'get',
    path: '/v1/users/me/calendar-feed',
    published: '/v1/users/me/calendar-feed',
    summary: 'Whether there is an address to subscribe to; the address itself is told once',
    auth: 'user',
    response: {
      status: 200,
      body: z.object({
        createdAt: z.iso.datetime().nullable().describe('null: there is none'),
        readAt: z.iso.datetime().nullable().describe('When it was last read, to the hour'),
      }),
    },
  },
  renewCalendarFeed: {
    method: 'post',
    path: '/v1/users/me/calendar-feed',
    published: '/v1/users/me/calendar-feed',
    summary: 'A new address to subscribe to; the one before opens nothing any more',
    auth: 'user',
    response: {
      status: 201,
      body: z.object({ path: z.string().describe('Behind the host; who has it reads it') }),
    },
  },
  revokeCalendarFeed: {
    method: 'delete',
    path: '/v1/users/me/calendar-feed',
    published: '/v1/users/me/calendar-feed',
    summary: 'The address opens nothing any more; again it does nothing more',
    auth: 'user',
    response: { status: 204, body: z.undefined() },
  },
  readCalendarFeed: {
    method: 'get',
    path: '/v1/calendar/:file',
    published: '/v1/calendar/:file',
    summary: 'The saved events of whoever owns the address, to subscribe to',
    auth: 'public',
    cache: 'private, max-age=300',
    request: { params: z.object({ file: z.string().max(100) }) },
    response: calendar,
    problems: { 404: 'calendar_not_found' },
  },
} as const satisfies Contract;
