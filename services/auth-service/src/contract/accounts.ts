import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import {
  email,
  newPassword,
  nothing,
  oneTimeToken,
  password,
  personName,
  time,
  user,
} from './fields.ts';

const accepted = z.object({
  next: z
    .enum(['confirm', 'login'])
    .describe('confirm: follow the link in the mail; login: the account is there'),
  detail: z.string(),
});

const ownUser = user.extend({
  spotify: z.enum(['none', 'active', 'broken']).describe('Whether an account of Spotify is linked'),
});

const headers = z.object(idempotencyHeader);
const REUSED = 'idempotency_key_reused';

export const accounts = {
  signUp: {
    method: 'post',
    path: '/auth/signup',
    published: '/v1/auth/signup',
    summary: 'Ask for an account; the answer does not tell whether the address has one',
    auth: 'public',
    request: {
      headers,
      body: z.strictObject({ name: personName, email, password: newPassword }),
    },
    response: { status: 202, body: accepted },
    problems: {
      422: `password_too_common or ${REUSED}`,
      429: 'too_many_attempts',
      503: 'login_busy',
    },
  },
  confirmEmail: {
    method: 'post',
    path: '/auth/email/confirm',
    published: '/v1/auth/email/confirm',
    summary: 'Confirm an address with the token that was mailed to it; makes an account asked for',
    auth: 'public',
    request: { headers, body: z.strictObject({ token: oneTimeToken }) },
    response: { status: 200, body: z.object({ email: z.string() }) },
    problems: { 400: 'invalid_request or invalid_one_time_token', 409: 'email_taken' },
  },
  sendConfirmation: {
    method: 'post',
    path: '/auth/email/confirmation',
    published: '/v1/auth/email/confirmation',
    summary: 'Mail a link that confirms the own address',
    auth: 'user',
    request: { headers },
    response: { status: 202, body: z.object({ detail: z.string() }) },
    problems: { 409: 'email_confirmed', 429: 'too_many_attempts', 503: 'mail_not_configured' },
  },
  forgotPassword: {
    method: 'post',
    path: '/auth/password/forgot',
    published: '/v1/auth/password/forgot',
    summary: 'Mail a link that sets a new password, if the address has an account',
    auth: 'public',
    request: { headers, body: z.strictObject({ email }) },
    response: { status: 202, body: z.object({ detail: z.string() }) },
    problems: { 422: REUSED, 429: 'too_many_attempts', 503: 'mail_not_configured' },
  },
  changeEmail: {
    method: 'post',
    path: '/auth/me/email',
    published: '/v1/auth/me/email',
    summary: 'Move the own account to another address, once that mailbox has answered',
    auth: 'user',
    request: { headers, body: z.strictObject({ email, password }) },
    response: { status: 202, body: z.object({ detail: z.string() }) },
    problems: {
      403: 'wrong_password',
      409: 'email_same',
      422: REUSED,
      429: 'too_many_attempts',
      503: 'mail_not_configured',
    },
  },
  resetPassword: {
    method: 'post',
    path: '/auth/password/reset',
    published: '/v1/auth/password/reset',
    summary: 'Set a new password with the token of the mail; ends all sessions',
    auth: 'public',
    request: {
      headers,
      body: z.strictObject({ token: oneTimeToken, password: newPassword }),
    },
    response: { status: 204, body: nothing },
    problems: {
      400: 'invalid_request or invalid_one_time_token',
      422: `password_too_common or ${REUSED}`,
    },
  },
  changePassword: {
    method: 'post',
    path: '/auth/me/password',
    published: '/v1/auth/me/password',
    summary: 'Change the own password; ends all other sessions',
    auth: 'user',
    request: { headers, body: z.strictObject({ password, newPassword }) },
    response: { status: 204, body: nothing },
    problems: {
      403: 'wrong_password',
      422: `password_too_common or ${REUSED}`,
      429: 'too_many_attempts',
    },
  },
  me: {
    method: 'get',
    path: '/auth/me',
    published: '/v1/auth/me',
    summary: 'The own account',
    auth: 'user',
    response: { status: 200, body: ownUser },
  },
  changeMe: {
    method: 'patch',
    path: '/auth/me',
    published: '/v1/auth/me',
    summary: 'Change what is named of the own account, and nothing else',
    auth: 'user',
    request: { body: z.strictObject({ name: personName.optional() }) },
    response: { status: 200, body: ownUser },
  },
  deleteMe: {
    method: 'post',
    path: '/auth/me/deletion',
    published: '/v1/auth/me/deletion',
    summary: 'Delete the own account with all that belongs to it, for good',
    auth: 'user',
    request: { body: z.strictObject({ password }) },
    response: { status: 204, body: nothing },
    problems: { 403: 'wrong_password', 429: 'too_many_attempts' },
  },
  exportMe: {
    method: 'get',
    path: '/auth/me/export',
    published: '/v1/auth/me/export',
    summary: 'All that is kept of the own account',
    auth: 'user',
    response: {
      status: 200,
      body: z.object({ exportedAt: time, account: user }).catchall(z.unknown()),
    },
  },
} as const satisfies Contract;
