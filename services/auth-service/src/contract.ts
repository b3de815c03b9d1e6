import { ROLES } from '@whatsthecraic/platform/caller';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

/** RFC 5321 §4.5.3.1.3 allows no longer address. */
const email = z.email().max(254);

/** NIST SP 800-63B wants 64 at least; without a limit a password is a way to keep us busy. */
const password = z.string().min(1).max(128);

export const user = z
  .object({
    id: z.int().positive(),
    name: z.string(),
    email: z.string(),
    role: z.enum(ROLES),
  })
  .describe('An account, as its owner sees it');

export const contract = {
  login: {
    method: 'post',
    path: '/auth/login',
    published: '/v1/auth/login',
    summary: 'Exchange email and password for an access token',
    auth: 'public',
    request: { body: z.strictObject({ email, password }) },
    response: {
      status: 200,
      body: z.object({
        token: z.string().describe('Send it as Authorization: Bearer <token>'),
        tokenType: z.literal('Bearer'),
        expiresIn: z.int().describe('Seconds'),
        user,
      }),
    },
    problems: { 401: 'invalid_credentials', 503: 'login_busy or database_unavailable' },
  },
  me: {
    method: 'get',
    path: '/auth/me',
    published: '/v1/auth/me',
    summary: 'The account of the access token',
    auth: 'user',
    response: { status: 200, body: user },
    problems: { 401: 'missing_token, invalid_token, token_expired or account_gone' },
  },
} as const satisfies Contract;
