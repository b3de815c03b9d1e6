import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '@whatsthecraic/platform/database';
import { HttpError } from '@whatsthecraic/platform/errors';
import type { Job } from '@whatsthecraic/platform/job';
import type { Log } from '@whatsthecraic/platform/log';
import { SpotifyPaused, SpotifyRefusesUs } from '@whatsthecraic/platform/spotify/errors';
import {
  type ClaimedLink,
  claimDueLink,
  endSync,
  findTaste,
  giveBack,
  keepTaste,
  type SyncEnd,
  type SyncProblem,
  saveTokens,
} from '../store/spotify-links.ts';
import { AccessRefused, GrantRefused } from './errors.ts';
import type { SpotifySetup } from './setup.ts';
import { betterTaste, isEmpty, type Taste } from './taste.ts';
import type { UserTokens } from './token-box.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Of an access token: the clocks differ, and the question is still to be asked. */
const MARGIN_MS = MINUTE_MS;
/** For each question, its wait included: shorter than the end of a pod, and three of them than a claim. */
const QUESTION_MS = 8_000;
const LONGEST_PAUSE_MS = DAY_MS / 4;

export interface SpotifySyncOptions {
  readonly database: Database;
  readonly setup: SpotifySetup;
  readonly log: Log;
  readonly now: () => number;
}

/** Fetches what Spotify says that people love: after they have linked it, when they ask, and each day. */
export function spotifySyncJob(options: SpotifySyncOptions, everyMs = 1_000): Job {
  return {
    name: 'taste from Spotify',
    everyMs,
    async run(signal) {
      while (!signal.aborted) {
        const link = await claimDueLink(options.database, new Date(options.now()));
        if (!link) return;
        await synchronise(options, link, signal);
      }
    },
  };
}

async function synchronise(
  options: SpotifySyncOptions,
  link: ClaimedLink,
  signal: AbortSignal,
): Promise<void> {
  const { database, log, now } = options;
  try {
    const found = await fetchTaste(options, link, signal);
    if (found) await keep(options, link, found);
  } catch (error) {
    // A question that has begun is taken to its end; the next replica goes on from there.
    if (signal.aborted) return giveBack(database, link);
    const end = endOf(error, link.failures, now());
    log.warn({ userId: link.userId, problem: end.problem, err: error }, 'taste not fetched');
    await endSync(database, link, end);
  }
}

/** `undefined` when the link was taken off meanwhile. */
async function fetchTaste(
  options: SpotifySyncOptions,
  link: ClaimedLink,
  signal: AbortSignal,
): Promise<Taste | undefined> {
  const { users, box } = options.setup;
  const known = box.open(link.tokens, link);
  const isLate = known.accessEndsAt - MARGIN_MS <= options.now();
  const tokens = isLate ? await renew(options, link, known) : known;
  if (!tokens) return undefined;
  // What lies under an older key is put under the present one as soon as it is used.
  if (!isLate && link.tokens.keyId !== box.currentKeyId) await save(options, link, known);
  signal.throwIfAborted();
  try {
    return await users.taste(tokens, QUESTION_MS);
  } catch (error) {
    if (!(error instanceof AccessRefused) || isLate) throw error;
    const renewed = await renew(options, link, tokens);
    return renewed && users.taste(renewed, QUESTION_MS);
  }
}

async function renew(options: SpotifySyncOptions, link: ClaimedLink, tokens: UserTokens) {
  const renewed = await options.setup.users.refresh(tokens, QUESTION_MS);
  return (await save(options, link, renewed)) ? renewed : undefined;
}

const SAVE_PAUSES_MS = [500, 1_000, 2_000, 4_000, 8_000];

/** Tries for a while: Spotify may have taken back the refresh token that the database still has. */
async function save({ database, setup }: SpotifySyncOptions, link: ClaimedLink, next: UserTokens) {
  const sealed = setup.box.seal(next, link);
  for (let attempt = 0; ; attempt++) {
    try {
      return await saveTokens(database, link, sealed);
    } catch (error) {
      const pause = SAVE_PAUSES_MS[attempt];
      if (pause === undefined) throw error;
      await sleep(pause);
    }
  }
}

/** All of it or nothing, and nothing if the link is no longer this one's. */
function keep(
  { database, now }: SpotifySyncOptions,
  link: ClaimedLink,
  found: Taste,
): Promise<void> {
  const { userId } = link;
  return database.transaction(async (queries) => {
    const at = new Date(now());
    const isNothing = isEmpty(found);
    const isOurs = await endSync(queries, link, {
      state: 'active',
      problem: isNothing ? 'nothing_found' : null,
      failures: 0,
      nextSyncAt: new Date(at.getTime() + DAY_MS),
    });
    if (!isOurs || isNothing) return;
    await keepTaste(queries, userId, betterTaste(await findTaste(queries, userId), found), at);
  });
}

/** What follows from a failure: only a person who took the permission back ends a link. */
export function endOf(error: unknown, failures: number, now: number): SyncEnd {
  const after = (ms: number, problem: SyncProblem, counted = failures + 1): SyncEnd => ({
    state: 'active',
    problem,
    failures: Math.min(counted, 20),
    nextSyncAt: new Date(now + ms),
  });
  const backOff = Math.min(LONGEST_PAUSE_MS, MINUTE_MS * 2 ** failures);
  if (error instanceof GrantRefused) {
    return { ...after(DAY_MS, 'access_revoked'), state: 'broken' };
  }
  if (error instanceof SpotifyPaused) {
    return after(Math.max(MINUTE_MS, error.leftMs), 'spotify_paused', failures);
  }
  const isRefusal =
    error instanceof SpotifyRefusesUs ||
    error instanceof AccessRefused ||
    (error instanceof HttpError && error.code === 'spotify_withdrawn');
  if (isRefusal) return after(LONGEST_PAUSE_MS, 'spotify_refuses');
  return error instanceof HttpError
    ? after(backOff, 'spotify_away')
    : after(backOff, 'tokens_unreadable');
}
