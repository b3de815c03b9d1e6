import { idParam, moment, name } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { TYPES } from '../model/features.ts';
import { FEEDBACK_ACTIONS } from './fields.ts';
import { shownEvent } from './popular.ts';

const reason = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(TYPES as unknown as [(typeof TYPES)[number]]),
    name: z.string(),
    because: z
      .enum(['liked', 'chosen', 'taste'])
      .describe('Liked before, chosen, or liked by people of the same taste'),
  }),
  z.object({ type: z.literal('saves'), count: z.int().positive() }),
  z.object({ type: z.literal('soon'), days: z.int().min(0) }),
  z.object({ type: z.literal('new') }),
]);

const line = z.object({
  event: shownEvent,
  score: z.number().min(0).max(1),
  reason: z.string().nullable().describe('The first of the reasons as a sentence'),
  reasons: z.array(reason).describe('What carried the score, most of it first'),
});

export const recommendations = {
  recommendForMe: {
    method: 'post',
    path: '/v1/recommendations',
    published: '/v1/recommendations',
    summary:
      'Upcoming events for whoever asks: by taste with a token, without one by place and dates',
    auth: 'optional',
    request: {
      body: z
        .strictObject({
          city: name.optional().describe('All of Ireland without it'),
          from: moment.optional().describe('From now on without it'),
          to: moment.optional().describe('Before this moment; the next 120 days without it'),
          limit: z.number().int().min(1).max(100).default(20),
          events: z
            .array(z.int().positive())
            .max(500)
            .optional()
            .describe('Rank these and no others; what is unknown, over or dealt with is left out'),
          expose: z
            .boolean()
            .default(true)
            .describe('False when the list itself will not be shown: it is not counted then'),
        })
        .refine(({ from, to }) => !from || !to || from < to, {
          path: ['to'],
          message: 'expected a moment after from',
        }),
    },
    response: {
      status: 200,
      body: z.object({
        modelVersion: z.string().describe('What ranked them; popularity if it was no model'),
        experiment: z.string().nullable(),
        variant: z.string().nullable(),
        confidence: z
          .enum(['low', 'medium', 'high'])
          .describe('How well such lists did for people of whom as much is known'),
        exposureId: z.string().nullable().describe('For feedback on an event of this list'),
        recommendations: z.array(line),
      }),
    },
  },
  similarEvents: {
    method: 'get',
    path: '/v1/events/:id/similar',
    published: '/v1/events/:id/similar',
    summary: 'Upcoming events for somebody who liked this one',
    auth: 'public',
    cache: 'public, max-age=60',
    request: {
      params: z.object({ id: idParam }),
      query: z.strictObject({ limit: z.coerce.number().int().min(1).max(50).default(10) }),
    },
    response: {
      status: 200,
      body: z.object({ modelVersion: z.string(), events: z.array(line) }),
    },
    problems: { 404: 'unknown_event' },
  },
  giveFeedback: {
    method: 'post',
    path: '/v1/feedback',
    published: '/v1/feedback',
    summary: 'Say what was done with an event; said twice, it is kept once',
    auth: 'user',
    request: {
      headers: z.object(idempotencyHeader),
      body: z.strictObject({
        eventId: z.int().positive().max(4_294_967_295),
        action: z.enum(FEEDBACK_ACTIONS as [(typeof FEEDBACK_ACTIONS)[number]]),
        exposureId: z
          .string()
          .regex(/^[\w-]{22}$/, 'expected the exposureId of a list')
          .optional()
          .describe('Of the list in which it stood'),
      }),
    },
    response: { status: 201, body: z.object({ id: z.int().positive() }) },
    problems: { 404: 'unknown_event', 422: 'idempotency_key_reused' },
  },
} as const satisfies Contract;
