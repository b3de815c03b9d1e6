import { idempotencyHeader } from '@whatsthecraic/platform/idempotency';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import { nothing, time } from './fields.ts';

/** How a way to Spotify and back can end; the page that it leads to says each in words. */
export const linkOutcomes = [
  'linked',
  'access_denied',
  'code_refused',
  'link_withdrawn',
  'not_set_up',
  'other_account_linked',
  'other_browser',
  'session_ended',
  'site_away',
  'spotify_account_taken',
  'spotify_away',
  'spotify_refuses',
  'spotify_user_not_allowed',
  'state_expired',
  'state_unknown',
  'state_used',
] as const;
export type LinkOutcome = (typeof linkOutcomes)[number];

/** Where that page is on the site. */
export const linkPage = '/account/spotify';

/** Why what Spotify knows of a person could not be fetched the last time. */
export const syncProblems = [
  'access_revoked',
  'nothing_found',
  'spotify_away',
  'spotify_paused',
  'spotify_refuses',
  'tokens_unreadable',
] as const;

/** What a stranger sends: of no form is refused by its route, and by none before. */
const word = z.string().max(2_000).optional().catch(undefined);
const cookie = z.object({ cookie: z.string().optional() });

const linkStatus = z.object({
  available: z.boolean().describe('Whether accounts can be linked here'),
  state: z.enum(['none', 'active', 'broken']).describe('broken: link it once more'),
  account: z
    .object({
      spotifyId: z.string(),
      displayName: z.string().nullable(),
      linkedAt: time,
      syncedAt: time.nullable().describe('When something was last taken over'),
      problem: z.enum(syncProblems).nullable().describe('What was in the way the last time'),
    })
    .nullable(),
  taste: z
    .object({
      artists: z.array(z.object({ id: z.string(), name: z.string() })),
      genres: z.array(z.string()),
      fetchedAt: time,
    })
    .nullable()
    .describe('What Spotify says that the person loves, the most loved first'),
});

export const spotify = {
  beginSpotifyLink: {
    method: 'post',
    path: '/auth/spotify/authorization',
    published: '/v1/auth/spotify/authorization',
    summary: 'Begin to link an account of Spotify: send this browser to the address in the answer',
    auth: 'user',
    request: { headers: cookie },
    response: { status: 200, body: z.object({ url: z.url(), expiresAt: time }) },
    problems: { 429: 'too_many_attempts', 503: 'spotify_linking_not_configured' },
  },
  finishSpotifyLink: {
    method: 'get',
    path: '/auth/spotify/callback',
    published: '/v1/auth/spotify/callback',
    summary: 'Where Spotify sends the browser back; leads on to a page that says what became of it',
    auth: 'public',
    request: { headers: cookie, query: z.object({ code: word, state: word, error: word }) },
    response: { status: 303, body: nothing },
  },
  spotifyLink: {
    method: 'get',
    path: '/auth/spotify',
    published: '/v1/auth/spotify',
    summary: 'The own link to Spotify, and what came from there',
    auth: 'user',
    response: { status: 200, body: linkStatus },
  },
  syncSpotify: {
    method: 'post',
    path: '/auth/spotify/sync',
    published: '/v1/auth/spotify/sync',
    summary: 'Have what Spotify knows fetched anew, in a moment',
    auth: 'user',
    request: { headers: z.object(idempotencyHeader) },
    response: { status: 202, body: z.object({ detail: z.string() }) },
    problems: {
      409: 'spotify_not_linked or spotify_link_broken',
      429: 'too_many_attempts',
      503: 'spotify_linking_not_configured',
    },
  },
  unlinkSpotify: {
    method: 'delete',
    path: '/auth/spotify',
    published: '/v1/auth/spotify',
    summary: 'Take the link off, with its tokens and all that came from Spotify',
    auth: 'user',
    response: { status: 204, body: nothing },
  },
} as const satisfies Contract;
