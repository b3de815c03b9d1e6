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
} as const satisfies Contract;
