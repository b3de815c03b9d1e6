import { pageQuery } from '@whatsthecraic/platform/cursor';
import { idParam, text } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { ORGANIZERS } from './plans.ts';
import { bearerHeader, KINDS } from './shortlist.ts';

export const TEMPLATES = ['dj-booking', 'venue-inquiry', 'follow-up'] as const;

const STATUSES = ['waiting', 'sent', 'failed', 'answered', 'agreed', 'declined'] as const;

export const contactRequest = z
  .object({
    id: z.int().positive(),
    planId: z.int().nullable(),
    kind: z.enum(KINDS),
    itemId: z.int(),
    name: z.string(),
    message: z.string(),
    status: z
      .enum(STATUSES)
      .describe('waiting, sent, failed: of the mail; the others are the organizer’s own word'),
    reason: z.string().nullable().describe('Why it was not sent'),
    note: z.string().nullable(),
    createdAt: z.iso.datetime(),
    sentAt: z.iso.datetime().nullable(),
  })
  .describe('A mail of an organizer to a DJ or a venue, and what became of it');
export type ContactRequest = z.output<typeof contactRequest>;

/** What people write: lines, and no signs that nobody sees. */
const letter = text(2_000).pipe(
  z.string().regex(/^[\P{C}\n\r\t]*$/u, 'expected no control characters but line ends'),
);

const path = '/v1/organizer/contact-requests';
const onePath = `${path}/:id` as const;
const byId = z.object({ id: idParam });
const absent = { 404: 'contact_request_not_found' };

export const contactRequests = {
  contactTemplates: {
    method: 'get',
    path: '/v1/organizer/contact-templates',
    published: '/v1/organizer/contact-templates',
    summary: 'Letters to begin with; what stands in braces comes from the plan',
    auth: ORGANIZERS,
    response: {
      status: 200,
      body: z.object({
        templates: z.array(
          z.object({
            id: z.enum(TEMPLATES),
            title: z.string(),
            kinds: z.array(z.enum(KINDS)),
            text: z.string(),
          }),
        ),
      }),
    },
  },
  createContactRequest: {
    method: 'post',
    path,
    published: path,
    summary: 'Write to a DJ or a venue; the answer comes to the organizer’s own mailbox',
    auth: ORGANIZERS,
    request: {
      headers: z.object({ ...idempotencyHeader, ...bearerHeader }),
      body: z
        .strictObject({
          kind: z.enum(KINDS),
          itemId: z.int().positive(),
          planId: z.int().positive().optional(),
          template: z.enum(TEMPLATES).optional().describe('With planId, which fills it'),
          message: letter.optional().describe('Own words; after the template where there is one'),
        })
        .refine(({ template, message }) => template ?? message, {
          path: ['message'],
          error: 'expected own words, or a template',
        })
        .refine(({ template, planId }) => !template || planId, {
          path: ['planId'],
          error: 'expected with a template, which it fills',
        }),
    },
    response: { status: 201, body: contactRequest },
    problems: {
      404: 'plan_not_found, dj_not_found or venue_not_found',
      409: 'contacted_already or no_email',
      422: 'idempotency_key_reused',
      429: 'too_many_attempts',
      502: 'upstream_unavailable',
      503: 'mail_not_configured',
    },
  },
  listContactRequests: {
    method: 'get',
    path,
    published: path,
    summary: 'The own contact requests, the newest first',
    auth: ORGANIZERS,
    request: {
      query: z.strictObject({
        planId: idParam.optional(),
        status: z.enum(STATUSES).optional(),
        ...pageQuery,
      }),
    },
    response: {
      status: 200,
      body: z.object({
        contactRequests: z.array(contactRequest),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  getContactRequest: {
    method: 'get',
    path: onePath,
    published: onePath,
    summary: 'One of the own contact requests',
    auth: ORGANIZERS,
    request: { params: byId },
    response: { status: 200, body: contactRequest },
    problems: absent,
  },
  changeContactRequest: {
    method: 'patch',
    path: onePath,
    published: onePath,
    summary: 'Note what came of a request that was sent',
    auth: ORGANIZERS,
    request: {
      params: byId,
      body: z.strictObject({
        status: z.enum(['answered', 'agreed', 'declined']),
        note: text(500).nullable().optional(),
      }),
    },
    response: { status: 200, body: contactRequest },
    problems: { ...absent, 409: 'not_sent' },
  },
  removeContactRequest: {
    method: 'delete',
    path: onePath,
    published: onePath,
    summary: 'Forget a request; one that still waits is not sent any more',
    auth: ORGANIZERS,
    request: { params: byId },
    response: { status: 204, body: z.undefined() },
    problems: { ...absent, 409: 'being_sent' },
  },
} as const satisfies Contract;
