import { position } from '@whatsthecraic/platform/fields';
import { z } from 'zod';

export const venue = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    address: z.string(),
    city: z.string(),
    capacity: z.int().nullable(),
    position,
    genres: z.array(z.string()),
    distanceKm: z.number().optional().describe('From the place asked with near'),
  })
  .describe('A venue');
