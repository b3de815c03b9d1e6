import test from 'ava';
import { publishedRoutes } from '../src/contract.ts';

/** POST routes that a client may send twice without a key, and why that harms nobody. */
const exempt: Readonly<Record<string, string>> = {
  login: 'a second session of the same person; a kept answer would be a kept token',
  refreshSession: 'the same token gives the same successor for ten seconds',
  logout: 'the session is over, and the second answer says so',
  logoutEverywhere: 'the same',
  recommendForMe: 'a read, whose body says where and when; twice is two lists shown',
  requestTraining: 'while a request is open, another one is the same',
  renewCalendarFeed: 'a second address replaces the first; a kept answer would be a kept token',
  beginSpotifyLink:
    'makes nothing until Spotify sends the browser back; a kept answer would be a kept state',
  deleteMe: 'the account is gone, and the second answer says so',
};

const posts = publishedRoutes.filter(({ inner }) => inner.method === 'post');

test('repetition – every POST of the public API – takes an Idempotency-Key, or it is said why not', (t) => {
  const without = posts
    .filter(({ inner }) => !('idempotency-key' in (inner.request?.headers?.shape ?? {})))
    .map(({ name }) => name);

  t.deepEqual(without.sort(), Object.keys(exempt).sort());
  t.true(posts.length > 12);
});

test('repetition – every PATCH and DELETE of a directory – is told from a second one by its version', (t) => {
  const changing = publishedRoutes.filter(
    ({ inner, upstream }) =>
      ['patch', 'delete'].includes(inner.method) && ['dj', 'venue'].includes(upstream),
  );
  const without = changing
    .filter(({ inner }) => !('if-match' in (inner.request?.headers?.shape ?? {})))
    .map(({ name }) => name);

  // Windows and what stands on a shortlist are added and removed, never changed; of a letter the last
  // word of its only owner counts.
  t.deepEqual(without.sort(), [
    'changeContactRequest',
    'removeContactRequest',
    'removeDjAvailability',
    'removeShortlistItem',
    'removeVenueAvailability',
  ]);
});
