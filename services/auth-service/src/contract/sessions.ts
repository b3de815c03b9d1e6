import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { email, nothing, password, time, user } from './fields.ts';

const tokens = {
  token: z.string().describe('Send it as Authorization: Bearer <token>'),
  tokenType: z.literal('Bearer'),
  expiresIn: z.int().describe('Seconds'),
  refreshToken: z.string().describe('Good for one exchange; each gives the next one'),
};

const userAgent = z.object({ 'user-agent': z.string().optional() });

/** A word of ours, opened by the store that made it. */
const refreshToken = z.string().max(200);

export const sessions = {
  login: {
    method: 'post',
    path: '/auth/login',
    published: '/v1/auth/login',
    summary: 'Exchange email and password for tokens, and begin a session',
    auth: 'public',
    request: { headers: userAgent, body: z.strictObject({ email, password }) },
    response: { status: 200, body: z.object({ ...tokens, user }) },
    problems: {
      401: 'invalid_credentials',
      429: 'too_many_attempts',
      503: 'login_busy or database_unavailable',
    },
  },
  refreshSession: {
    method: 'post',
    path: '/auth/refresh',
    published: '/v1/auth/refresh',
    summary: 'Exchange a refresh token for new tokens; one used before ends its session',
    auth: 'public',
    request: { body: z.strictObject({ refreshToken }) },
    response: { status: 200, body: z.object(tokens) },
    problems: { 401: 'invalid_refresh_token, refresh_token_reused or session_ended' },
  },
  logout: {
    method: 'post',
    path: '/auth/logout',
    published: '/v1/auth/logout',
    summary: 'End this session: its tokens open nothing any more',
    auth: 'user',
    response: { status: 204, body: nothing },
  },
  logoutEverywhere: {
    method: 'post',
    path: '/auth/logout-everywhere',
    published: '/v1/auth/logout-everywhere',
    summary: 'End all sessions of this account, this one too',
    auth: 'user',
    response: { status: 200, body: z.object({ ended: z.int() }) },
  },
  listSessions: {
    method: 'get',
    path: '/auth/sessions',
    published: '/v1/auth/sessions',
    summary: 'Where this account is logged in',
    auth: 'user',
    response: {
      status: 200,
      body: z.object({
        sessions: z.array(
          z.object({
            id: z.string(),
            userAgent: z.string(),
            createdAt: time,
            lastUsedAt: time,
            expiresAt: time,
            current: z.boolean(),
          }),
        ),
      }),
    },
  },
  endSession: {
    method: 'delete',
    path: '/auth/sessions/:sessionId',
    published: '/v1/auth/sessions/:sessionId',
    summary: 'Log out elsewhere: end one session of this account',
    auth: 'user',
    request: { params: z.object({ sessionId: z.string().regex(/^[\w-]{22}$/) }) },
    response: { status: 204, body: nothing },
    problems: { 404: 'session_not_found' },
  },
} as const satisfies Contract;
