import { z } from 'zod';
import type { Lookup } from './requests.ts';

/** Since 2026 all other fields may be absent: https://developer.spotify.com/documentation/web-api/references/changes/february-2026 */
const artist = z.object({
  id: z.string().min(1),
  name: z.string().min(1),
  genres: z.array(z.string()).default([]),
  images: z.array(z.object({ url: z.url(), width: z.number().nullish() })).default([]),
  external_urls: z.object({ spotify: z.url() }).optional(),
});

export interface Artist {
  readonly id: string;
  readonly name: string;
  readonly genres: string[];
  readonly imageUrl: string | null;
  readonly url: string;
}

/** What is wrong with one row costs that row alone. */
const answer = z
  .object({ artists: z.object({ items: z.array(z.unknown()) }) })
  .transform(({ artists }): Artist[] =>
    artists.items.flatMap((row) => {
      const { data } = artist.safeParse(row);
      return data ? [artistOf(data)] : [];
    }),
  );

function artistOf({ id, name, genres, images, external_urls }: z.output<typeof artist>): Artist {
  const [widest] = images.toSorted((a, b) => (b.width ?? 0) - (a.width ?? 0));
  const url = external_urls?.spotify ?? `https://open.spotify.com/artist/${encodeURIComponent(id)}`;
  return { id, name, genres, imageUrl: widest?.url ?? null, url };
}

/** Artists by name; 10 is the most that Spotify gives at once in its development mode. */
export const artistSearch = (q: string): Lookup<Artist[]> => ({
  endpoint: 'search',
  path: 'search',
  query: { type: 'artist', limit: '10', q: q.toLowerCase() },
  answer,
});
