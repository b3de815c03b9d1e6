import { z } from 'zod';
import { ifMatchHeader } from '../conditional.ts';
import { idParam } from '../fields.ts';
import { idempotencyHeader } from '../idempotency.ts';
import type { RouteContract } from '../route.ts';
import { changesPage, changesQuery } from './audit.ts';
import { contact } from './contact.ts';
import { newWindow, spanQuery, window, windowList } from './windows.ts';

const KEEPERS = ['organizer', 'admin'] as const;
const byId = z.object({ id: idParam });
const makeHeaders = z.object(idempotencyHeader);
const changeHeaders = z.object(ifMatchHeader);

/** Whom a route of a kind's entries concerns, in words and in paths. */
interface Kind<
  P extends string,
  C extends string,
  E extends z.ZodType,
  N extends z.ZodType,
  M extends z.ZodType,
> {
  /** `/djs` */
  readonly path: `/${P}`;
  /** `/v1/djs` */
  readonly versioned: `/v1/${P}`;
  readonly one: C;
  /** As a sentence has it. */
  readonly called: string;
  readonly entry: E;
  readonly create: N;
  readonly change: M;
}

/** The routes by which organizers keep entries: the same for DJs and venues. */
export function keeperRoutes<
  const P extends string,
  const C extends string,
  E extends z.ZodType,
  N extends z.ZodType,
  M extends z.ZodType,
>({ path, versioned, one, called, entry, create, change }: Kind<P, C, E, N, M>) {
  const absent = `${one}_not_found` as const;
  const entryPath = `${path}/:id` as const;
  const calendarPath = `${versioned}/:id/availability` as const;
  const conflicts = { 404: absent, 412: 'version_conflict', 428: 'version_required' };
  return {
    create: {
      method: 'post',
      path,
      published: path,
      summary: `Add a ${called}`,
      auth: KEEPERS,
      request: { headers: makeHeaders, body: create },
      response: { status: 201, body: entry },
      problems: { 409: `${one}_exists`, 422: 'idempotency_key_reused' },
    },
    change: {
      method: 'patch',
      path: entryPath,
      published: entryPath,
      summary: `Change a ${called}: what is not named stays as it is`,
      auth: KEEPERS,
      request: { params: byId, headers: changeHeaders, body: change },
      response: { status: 200, body: entry },
      problems: { ...conflicts, 409: `${one}_exists` },
    },
    remove: {
      method: 'delete',
      path: entryPath,
      published: entryPath,
      summary: `Remove a ${called}`,
      auth: KEEPERS,
      request: { params: byId, headers: changeHeaders },
      response: { status: 204, body: z.undefined() },
      problems: conflicts,
    },
    getContact: {
      method: 'get',
      path: `${entryPath}/contact`,
      published: `${entryPath}/contact`,
      summary: `How to reach a ${called}, for organizers`,
      auth: KEEPERS,
      request: { params: byId },
      response: { status: 200, body: contact },
      problems: { 404: absent },
    },
    listChanges: {
      method: 'get',
      path: `${entryPath}/changes`,
      published: `${entryPath}/changes`,
      summary: `Who changed a ${called}, and when; newest first`,
      auth: KEEPERS,
      request: { params: byId, query: changesQuery },
      response: { status: 200, body: changesPage },
    },
    listAvailability: {
      method: 'get',
      path: calendarPath,
      published: calendarPath,
      summary: `The calendar of a ${called}`,
      auth: 'public',
      cache: 'public, max-age=15',
      request: { params: byId, query: spanQuery },
      response: { status: 200, body: windowList },
      problems: { 404: absent },
    },
    addAvailability: {
      method: 'post',
      path: calendarPath,
      published: calendarPath,
      summary: 'Offer a time, or book one',
      auth: KEEPERS,
      request: { params: byId, headers: makeHeaders, body: newWindow },
      response: { status: 201, body: window },
      problems: { 404: absent, 409: 'windows_overlap', 422: 'idempotency_key_reused' },
    },
    removeAvailability: {
      method: 'delete',
      path: `${calendarPath}/:windowId`,
      published: `${calendarPath}/:windowId`,
      summary: 'Take a time back, or end a booking',
      auth: KEEPERS,
      request: { params: z.object({ id: idParam, windowId: idParam }) },
      response: { status: 204, body: z.undefined() },
      problems: { 404: `${absent} or window_not_found` },
    },
  } as const satisfies Record<string, RouteContract>;
}
