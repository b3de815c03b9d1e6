import { searchText } from '@whatsthecraic/platform/fields';
import type { Contract } from '@whatsthecraic/platform/route';
import { z } from 'zod';

const count = z.int().min(0);

export const spotifyContract = {
  searchSpotify: {
    method: 'get',
    path: '/events/spotify/search',
    published: '/events/spotify/search',
    summary: 'Artists that Spotify knows by a name',
    auth: 'user',
    // The answer is everybody's, the question is not.
    cache: 'private, max-age=3600',
    request: {
      query: z.strictObject({ q: searchText.describe('An artist’s name, or a part of it') }),
    },
    response: {
      status: 200,
      body: z.object({
        artists: z.array(
          z.object({
            id: z.string().describe('Spotify’s'),
            name: z.string(),
            genres: z.array(z.string()),
            imageUrl: z.string().nullable(),
            url: z.string().describe('The artist’s page at Spotify'),
          }),
        ),
        stale: z.boolean().describe('Older than a day, since Spotify cannot be asked now'),
      }),
    },
    problems: {
      502: 'upstream_unavailable',
      503: 'spotify_paused',
      504: 'upstream_timeout',
    },
  },
  readSpotifyCache: {
    method: 'get',
    path: '/spotify/cache-stats',
    summary: 'What is kept of Spotify’s answers, and who waits for one',
    auth: 'public',
    response: {
      status: 200,
      body: z.strictObject({
        size: count,
        validEntries: count,
        expiredEntries: count,
        queueLength: count,
        isProcessing: z.boolean(),
      }),
    },
  },
} as const satisfies Contract;
