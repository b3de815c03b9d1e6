import { idParam } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { note, time, user } from './fields.ts';

export const request = z.object({
  id: z.int(),
  message: z.string(),
  status: z.enum(['open', 'granted', 'refused']),
  note: z.string(),
  createdAt: time,
  decidedAt: time.nullable(),
});

export const organizers = {
  requestOrganizer: {
    method: 'post',
    path: '/auth/organizer-requests',
    published: '/v1/auth/organizer-requests',
    summary: 'Ask to become an organizer; an admin decides',
    auth: 'user',
    request: {
      headers: z.object(idempotencyHeader),
      body: z.strictObject({ message: note.pipe(z.string().min(1)) }),
    },
    response: { status: 201, body: z.object({ id: z.int() }) },
    problems: { 409: 'request_open or already_organizer', 422: 'idempotency_key_reused' },
  },
  myOrganizerRequests: {
    method: 'get',
    path: '/auth/me/organizer-requests',
    published: '/v1/auth/me/organizer-requests',
    summary: 'What became of the own requests, the newest first',
    auth: 'user',
    response: { status: 200, body: z.object({ requests: z.array(request) }) },
  },
  openOrganizerRequests: {
    method: 'get',
    path: '/auth/organizer-requests',
    published: '/v1/auth/organizer-requests',
    summary: 'The requests that wait for a decision, the oldest first; at most 100',
    auth: ['admin'],
    response: {
      status: 200,
      body: z.object({
        requests: z.array(
          request.extend({
            user: z.object({ id: z.int(), name: z.string(), email: z.string() }),
          }),
        ),
      }),
    },
  },
  decideOrganizerRequest: {
    method: 'post',
    path: '/auth/organizer-requests/:id/decision',
    published: '/v1/auth/organizer-requests/:id/decision',
    summary: 'Grant or refuse a request',
    auth: ['admin'],
    request: {
      params: z.object({ id: idParam }),
      headers: z.object(idempotencyHeader),
      body: z.strictObject({ decision: z.enum(['granted', 'refused']), note: note.default('') }),
    },
    response: { status: 200, body: request },
    problems: {
      404: 'request_not_found',
      409: 'request_decided',
      422: 'idempotency_key_reused',
    },
  },
  changeRole: {
    method: 'patch',
    path: '/auth/users/:id',
    published: '/v1/auth/users/:id',
    summary: 'Make a person an organizer, or a user again; admins are made by a command only',
    auth: ['admin'],
    request: {
      params: z.object({ id: idParam }),
      body: z.strictObject({ role: z.enum(['user', 'organizer']) }),
    },
    response: { status: 200, body: user },
    problems: { 404: 'user_not_found', 409: 'is_admin' },
  },
} as const satisfies Contract;
