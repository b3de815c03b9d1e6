import { price } from '@whatsthecraic/platform/fields';
import { z } from 'zod';

export const event = z
  .object({
    id: z.int().positive(),
    title: z.string(),
    description: z.string().nullable(),
    startsAt: z.iso.datetime().describe('UTC'),
    endsAt: z.iso.datetime().nullable(),
    city: z.string(),
    venue: z
      .object({
        id: z.int().positive().nullable().describe('null: not in the directory of venues'),
        name: z.string(),
      })
      .nullable(),
    genres: z.array(z.string()),
    price: price.nullable().describe('null: not known'),
    status: z.enum(['scheduled', 'postponed', 'cancelled']),
    ticketUrl: z.string().nullable(),
    imageUrl: z.string().nullable().default(null),
    distanceKm: z.number().optional().describe('From the place asked with near, if sorted by it'),
  })
  .describe('An event');
