import { dj } from '@whatsthecraic/dj-service/contract';
import { ifMatchHeader } from '@whatsthecraic/platform/conditional';
import { pageQuery } from '@whatsthecraic/platform/cursor';
import { changeOf, genreNames, idParam, moment, name, text } from '@whatsthecraic/platform/fields';
import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { venue } from './venue.ts';

export const ORGANIZERS = ['organizer', 'admin'] as const;

const tags = z.array(text(64)).max(20);
const budget = z.number().min(0).max(1_000_000).multipleOf(0.01).nullable();
const seats = z.int().min(1).max(1_000_000).nullable();

export const plan = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    city: z.string().nullable(),
    startsAt: z.iso.datetime().nullable(),
    endsAt: z.iso.datetime().nullable(),
    capacity: z.int().nullable().describe('People who are to find room'),
    budgetMax: z.number().nullable().describe('Euros that a DJ may cost'),
    genres: z.array(z.string()),
    gearNeeds: z.array(z.string()),
    vibeTags: z.array(z.string()),
    notes: z.string().nullable(),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .describe('A night that an organizer plans; only that one sees it');
export type Plan = z.output<typeof plan>;

const newPlan = z.strictObject({
  name: text(160),
  city: name.nullable().default(null),
  startsAt: moment.nullable().default(null),
  endsAt: moment.nullable().default(null).describe('With startsAt, or neither'),
  capacity: seats.default(null),
  budgetMax: budget.default(null),
  genres: genreNames.default([]),
  gearNeeds: tags.default([]),
  vibeTags: tags.default([]),
  notes: text(2_000).nullable().default(null),
});

const planChange = changeOf({
  name: text(160).optional(),
  city: name.nullable().optional(),
  startsAt: moment.nullable().optional(),
  endsAt: moment.nullable().optional(),
  capacity: seats.optional(),
  budgetMax: budget.optional(),
  genres: genreNames.optional(),
  gearNeeds: tags.optional(),
  vibeTags: tags.optional(),
  notes: text(2_000).nullable().optional(),
});
export type PlanChange = z.output<typeof planChange>;

const WISHES = ['city', 'genres', 'free', 'fee', 'capacity'] as const;

const reason = z.object({ wish: z.enum(WISHES), met: z.boolean(), text: z.string() });
export type Reason = z.output<typeof reason>;

const matched = {
  lacks: z.enum(WISHES).nullable().describe('The one wish that is not met; null: all are'),
  reasons: z.array(reason),
};

const matchPage = <M extends z.ZodType>(match: M) =>
  z.object({ matches: z.array(match), nextCursor: z.string().nullable(), hasMore: z.boolean() });

const byId = z.object({ id: idParam });
const page = z.strictObject(pageQuery);
const path = '/v1/organizer/plans/:id';
const absent = { 404: 'plan_not_found' };
const conflicts = { ...absent, 412: 'version_conflict', 428: 'version_required' };

export const plans = {
  createPlan: {
    method: 'post',
    path: '/v1/organizer/plans',
    published: '/v1/organizer/plans',
    summary: 'Plan a night',
    auth: ORGANIZERS,
    request: { headers: z.object(idempotencyHeader), body: newPlan },
    response: { status: 201, body: plan },
    problems: { 422: 'idempotency_key_reused' },
  },
  listPlans: {
    method: 'get',
    path: '/v1/organizer/plans',
    published: '/v1/organizer/plans',
    summary: 'The own plans, the newest first',
    auth: ORGANIZERS,
    request: { query: page },
    response: {
      status: 200,
      body: z.object({
        plans: z.array(plan),
        nextCursor: z.string().nullable(),
        hasMore: z.boolean(),
      }),
    },
  },
  getPlan: {
    method: 'get',
    path,
    published: path,
    summary: 'One of the own plans',
    auth: ORGANIZERS,
    request: { params: byId },
    response: { status: 200, body: plan },
    problems: absent,
  },
  changePlan: {
    method: 'patch',
    path,
    published: path,
    summary: 'Change a plan: what is not named stays as it is',
    auth: ORGANIZERS,
    request: { params: byId, headers: z.object(ifMatchHeader), body: planChange },
    response: { status: 200, body: plan },
    problems: conflicts,
  },
  removePlan: {
    method: 'delete',
    path,
    published: path,
    summary: 'Remove a plan with its shortlist',
    auth: ORGANIZERS,
    request: { params: byId, headers: z.object(ifMatchHeader) },
    response: { status: 204, body: z.undefined() },
    problems: conflicts,
  },
  matchPlanDjs: {
    method: 'get',
    path: `${path}/matches/djs`,
    published: `${path}/matches/djs`,
    summary: 'DJs for a plan and why: who meets every wish, then who lacks one',
    auth: ORGANIZERS,
    request: { params: byId, query: page },
    response: { status: 200, body: matchPage(z.object({ dj, ...matched })) },
    problems: { ...absent, 502: 'upstream_unavailable' },
  },
  matchPlanVenues: {
    method: 'get',
    path: `${path}/matches/venues`,
    published: `${path}/matches/venues`,
    summary: 'Venues for a plan and why: what meets every wish, then what lacks one',
    auth: ORGANIZERS,
    request: { params: byId, query: page },
    response: { status: 200, body: matchPage(z.object({ venue, ...matched })) },
    problems: absent,
  },
} as const satisfies Contract;
