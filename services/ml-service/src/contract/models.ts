import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { report } from './fields.ts';

const time = z.iso.datetime();
const version = z.string().regex(/^[\w-]{1,40}$/, 'expected the version of a model');

export const models = {
  listModels: {
    method: 'get',
    path: '/v1/models',
    published: '/v1/models',
    summary: 'The last 20 models with their figures, and what serves',
    auth: ['admin'],
    response: {
      status: 200,
      body: z.object({
        inService: z.string(),
        trouble: z.string().nullable(),
        trainingRequested: z.boolean(),
        models: z.array(
          z.object({
            version: z.string(),
            commit: z.string().nullable(),
            dataFrom: time,
            dataTo: time,
            actions: z.int(),
            people: z.int(),
            events: z.int(),
            figures: report,
            accepted: z.boolean(),
            reason: z.string(),
            trainedAt: time,
          }),
        ),
      }),
    },
  },
  requestTraining: {
    method: 'post',
    path: '/v1/models/train',
    published: '/v1/models/train',
    summary: 'Ask for a training; it begins within ten minutes, in a process of its own',
    auth: ['admin'],
    response: { status: 202, body: z.object({ request: z.int() }) },
  },
  rollBackModel: {
    method: 'post',
    path: '/v1/models/rollback',
    published: '/v1/models/rollback',
    summary: 'Put an earlier model into service: the one before, or the one named',
    auth: ['admin'],
    request: {
      headers: z.object(idempotencyHeader),
      body: z.strictObject({ version: version.optional() }),
    },
    response: { status: 200, body: z.object({ inService: z.string() }) },
    problems: { 404: 'unknown_model', 422: 'idempotency_key_reused' },
  },
} as const satisfies Contract;
