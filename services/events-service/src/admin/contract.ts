import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, text } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { SOURCES } from '../canonical/source-event.ts';

const ADMIN = ['admin'] as const;
const when = z.iso.datetime().nullable();
const remote = z.enum(SOURCES).exclude(['local']);

const run = z.object({
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  events: z.int().describe('Rows that were good'),
  changed: z.int().describe('Of these, new ones or others than before'),
  elsewhere: z.int().describe('Rows of places that are not ours'),
  bad: z.int(),
  badRows: z.array(z.object({ id: z.string().nullable(), reason: z.string() })),
  missing: z.int().describe('Known ones that the source has no more'),
  error: z.string().nullable(),
});

const scope = z.object({
  scope: z.string().describe('A city, an artist or an organisation'),
  succeededAt: when,
  dueAt: when.describe('Not asked before; null: at the next run'),
  failures: z.int().describe('One after another'),
  error: z.string().nullable(),
  requestedAt: when.describe('An admin wants it asked'),
  lastRun: run.nullable(),
});

const status = z
  .object({
    source: remote,
    closedUntil: when.describe('Left alone until then, whoever asks'),
    failures: z.int(),
    error: z.string().nullable(),
    calls: z.object({ today: z.int(), limit: z.int() }).describe('Of this day (UTC)'),
    scopes: z.array(scope),
  })
  .describe('How it stands with a source');

const row = z.object({
  id: z.int().positive(),
  eventId: z.int().positive().nullable(),
  source: z.enum(SOURCES),
  sourceId: z.string(),
  title: z.string(),
  city: z.string(),
  venue: z.string().nullable(),
  startsAt: z.iso.datetime(),
  status: z.enum(['scheduled', 'postponed', 'cancelled']).nullable(),
  ticketUrl: z.string().nullable(),
  isGone: z.boolean().describe('The source has it no more'),
});

export const decision = z
  .object({
    id: z.int().positive(),
    kind: z.enum(['together', 'apart']),
    oneId: z.int().positive().describe('The number of a source’s row'),
    otherId: z.int().positive(),
    reason: z.string(),
    decidedBy: z.int().positive(),
    decidedAt: z.iso.datetime(),
    undoneBy: z.int().positive().nullable(),
    undoneAt: when,
  })
  .describe('What an admin said of two rows');

const pair = z.object({
  oneId: z.int().positive(),
  otherId: z.int().positive(),
  points: z.int().describe('100 at most; 65 are enough'),
  veto: z.string().nullable().describe('Why they cannot be one, whatever else speaks for it'),
  reasons: z.array(
    z.object({
      about: z.enum(['title', 'venue', 'place', 'time', 'source']),
      points: z.int(),
      text: z.string(),
    }),
  ),
  decision: decision.nullable(),
});

const byId = z.object({ id: idParam });
const keyed = z.object(idempotencyHeader);

export const adminContract = {
  listSources: {
    method: 'get',
    path: '/v1/admin/sources',
    published: '/v1/admin/sources',
    summary: 'How it stands with each source, scope by scope, those that fail first',
    auth: ADMIN,
    response: { status: 200, body: z.object({ sources: z.array(status) }) },
  },
  requestIngestion: {
    method: 'post',
    path: '/v1/admin/sources/:source/requests',
    published: '/v1/admin/sources/:source/requests',
    summary: 'Have a source asked at the next run, though it is fresh; not before it is open again',
    auth: ADMIN,
    request: {
      params: z.object({ source: remote }),
      headers: keyed,
      body: z.strictObject({
        scope: z.string().min(1).max(64).optional().describe('All that are known, without it'),
      }),
    },
    response: {
      status: 202,
      body: z.object({
        source: remote,
        scopes: z.array(z.string()),
        requestedAt: z.iso.datetime(),
        closedUntil: when,
      }),
    },
    problems: { 404: 'scope_not_found', 422: 'idempotency_key_reused' },
  },
  explainEvent: {
    method: 'get',
    path: '/v1/admin/events/:id/sources',
    published: '/v1/admin/events/:id/sources',
    summary: 'The rows that an event is made of, those that nearly belong to it, and why',
    auth: ADMIN,
    request: { params: byId },
    response: {
      status: 200,
      body: z.object({
        eventId: z.int().positive(),
        rows: z.array(row),
        near: z.array(row).describe('Of the same night and city, and alike'),
        pairs: z.array(pair),
      }),
    },
    problems: { 404: 'event_not_found' },
  },
  listDecisions: {
    method: 'get',
    path: '/v1/admin/matches',
    published: '/v1/admin/matches',
    summary: 'What admins decided of rows, newest first',
    auth: ADMIN,
    request: { query: z.strictObject(pageQuery) },
    response: {
      status: 200,
      body: z.object({
        decisions: z.array(decision),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  decideMatch: {
    method: 'post',
    path: '/v1/admin/matches',
    published: '/v1/admin/matches',
    summary: 'Say that two rows are one event, or that they are not; it counts at once',
    auth: ADMIN,
    request: {
      headers: keyed,
      body: z.strictObject({
        kind: z.enum(['together', 'apart']),
        oneId: z.int().positive(),
        otherId: z.int().positive(),
        reason: text(500),
      }),
    },
    response: { status: 201, body: decision },
    problems: { 404: 'row_not_found', 409: 'rows_in_two_cities', 422: 'idempotency_key_reused' },
  },
  undoMatch: {
    method: 'delete',
    path: '/v1/admin/matches/:id',
    published: '/v1/admin/matches/:id',
    summary: 'Take a decision back: the scores count again, at once',
    auth: ADMIN,
    request: { params: byId },
    response: { status: 200, body: decision },
    problems: { 404: 'match_not_found' },
  },
} as const satisfies Contract;
