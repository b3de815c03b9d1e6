import { dj } from '@whatsthecraic/dj-service/contract';
import { idParam, text } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { ORGANIZERS } from './plans.ts';
import { venue } from './venue.ts';

export const KINDS = ['dj', 'venue'] as const;
export type Kind = (typeof KINDS)[number];

export const shortlistItem = z
  .object({
    kind: z.enum(KINDS),
    itemId: z.int().positive(),
    name: z.string().describe('As it was when it was put here'),
    note: z.string().nullable(),
    addedAt: z.iso.datetime(),
  })
  .describe('A DJ or a venue that comes into question for a plan');

/** Of a request that asks another service in its caller's name. */
export const bearerHeader = { authorization: z.string() };

const byId = z.object({ id: idParam });
const byItem = byId.extend({ kind: z.enum(KINDS), itemId: idParam });
const path = '/v1/organizer/plans/:id/shortlist';
const itemPath = `${path}/:kind/:itemId` as const;
const absent = { 404: 'plan_not_found' };

export const shortlist = {
  getShortlist: {
    method: 'get',
    path,
    published: path,
    summary: 'Who comes into question for a plan, with what is known of them now',
    auth: ORGANIZERS,
    request: { params: byId },
    response: {
      status: 200,
      body: z.object({
        items: z.array(
          shortlistItem.extend({
            dj: dj.nullable(),
            venue: venue.nullable(),
          }),
        ),
        degraded: z
          .array(z.string())
          .describe('Services that have not answered: what they know is missing'),
      }),
    },
    problems: absent,
  },
  putShortlistItem: {
    method: 'put',
    path: itemPath,
    published: itemPath,
    summary: 'Put a DJ or a venue on the shortlist, or change the note; again it does nothing more',
    auth: ORGANIZERS,
    request: { params: byItem, body: z.strictObject({ note: text(500).nullable().default(null) }) },
    response: { status: 200, body: shortlistItem },
    problems: {
      404: 'plan_not_found, dj_not_found or venue_not_found',
      409: 'shortlist_full',
      502: 'upstream_unavailable',
    },
  },
  removeShortlistItem: {
    method: 'delete',
    path: itemPath,
    published: itemPath,
    summary: 'Take a DJ or a venue off the shortlist',
    auth: ORGANIZERS,
    request: { params: byItem },
    response: { status: 204, body: z.undefined() },
    problems: { 404: 'plan_not_found or not_on_shortlist' },
  },
  exportShortlist: {
    method: 'get',
    path: `${path}/export`,
    published: `${path}/export`,
    summary: 'The shortlist with how to reach everybody, as a table for a spreadsheet',
    auth: ORGANIZERS,
    request: { params: byId, headers: z.object(bearerHeader) },
    response: { status: 200, type: 'text/csv; charset=utf-8', body: z.string() },
    problems: { ...absent, 502: 'upstream_unavailable' },
  },
} as const satisfies Contract;
