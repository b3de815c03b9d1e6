import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, name, searchText } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { event } from '../event.ts';

export const alert = z
  .object({
    id: z.int().positive(),
    artist: z.string().nullable(),
    genre: z.string().nullable(),
    city: z.string().nullable(),
    radiusKm: z.int().nullable(),
    createdAt: z.iso.datetime(),
    paused: z.boolean().describe('Unsubscribed by the link of a mail'),
  })
  .describe('What somebody wants to be told of');
export type Alert = z.output<typeof alert>;

const page = { nextCursor: z.string().nullable(), hasMore: z.boolean() };

export const newAlert = z
  .strictObject({
    artist: searchText.optional().describe('By name, also one of whom nothing is announced yet'),
    genre: name.optional(),
    city: name.optional().describe('Anywhere without it'),
    radiusKm: z.int().min(1).max(200).optional().describe('Around the city'),
  })
  .refine(({ artist, genre }) => artist !== undefined || genre !== undefined, {
    path: ['artist'],
    message: 'expected an artist or a genre',
  })
  .refine(({ city, radiusKm }) => radiusKm === undefined || city !== undefined, {
    path: ['radiusKm'],
    message: 'needs a city',
  });
export type NewAlert = z.output<typeof newAlert>;

export const alertsContract = {
  createAlert: {
    method: 'post',
    path: '/v1/alerts',
    published: '/v1/alerts',
    summary:
      'Be told by mail of events of an artist or a genre, by place; asked for again it is the same alert, and not paused any more',
    auth: 'user',
    request: { headers: z.object(idempotencyHeader), body: newAlert },
    response: { status: 201, body: alert },
    problems: { 409: 'too_many_alerts' },
  },
  listAlerts: {
    method: 'get',
    path: '/v1/alerts',
    published: '/v1/alerts',
    summary: 'The own alerts, the newest first',
    auth: 'user',
    request: { query: z.strictObject(pageQuery) },
    response: { status: 200, body: z.object({ alerts: z.array(alert), ...page }) },
  },
  removeAlert: {
    method: 'delete',
    path: '/v1/alerts/:id',
    published: '/v1/alerts/:id',
    summary: 'Be told of this no more',
    auth: 'user',
    request: { params: z.object({ id: idParam }) },
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'alert_not_found' },
  },
  listNotifications: {
    method: 'get',
    path: '/v1/alerts/notifications',
    published: '/v1/alerts/notifications',
    summary: 'What was found for the own alerts, the newest first; reading it changes nothing',
    auth: 'user',
    request: { query: z.strictObject(pageQuery) },
    response: {
      status: 200,
      body: z.object({
        notifications: z.array(
          z.object({
            event,
            alertId: z.int().nullable().describe('null: it was removed since'),
            foundAt: z.iso.datetime(),
            mailedAt: z.iso.datetime().nullable(),
          }),
        ),
        ...page,
      }),
    },
  },
  unsubscribe: {
    method: 'post',
    path: '/internal/alerts/unsubscribe',
    summary:
      'Pauses all alerts of whoever the token of a mail was sent to; again it does nothing more',
    auth: 'public',
    request: { body: z.strictObject({ token: z.string().max(100) }) },
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'unknown_unsubscribe_link' },
  },
} as const satisfies Contract;
