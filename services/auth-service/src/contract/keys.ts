import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

export const keys = {
  jwks: {
    method: 'get',
    path: '/.well-known/jwks.json',
    published: '/.well-known/jwks.json',
    summary: 'The public keys of access tokens (RFC 7517); none while a shared secret signs them',
    auth: 'public',
    cache: 'public, max-age=300',
    response: {
      status: 200,
      body: z.object({ keys: z.array(z.record(z.string(), z.string())) }),
    },
  },
} as const satisfies Contract;
