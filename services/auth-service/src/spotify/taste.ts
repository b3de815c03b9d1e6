import { z } from 'zod';

/** One who is loved; the order of a list is that of love. */
export interface LovedArtist {
  readonly id: string;
  readonly name: string;
}

export interface Taste {
  readonly artists: readonly LovedArtist[];
  /** Names, the most frequent first. */
  readonly genres: readonly string[];
}

const MOST_GENRES = 20;

/** Since 2026 fields other than these may be absent. */
const artist = z.object({
  id: z.string().min(1).max(64),
  name: z.string().trim().min(1).max(255),
  genres: z.array(z.string()).catch([]).default([]),
});

/** What `/v1/me/top/artists` answers; what is wrong with one row costs that row alone. */
export const topArtists = z
  .object({ items: z.array(z.unknown()) })
  .transform(({ items }): Taste => {
    const rows = items.flatMap((row) => {
      const { data } = artist.safeParse(row);
      return data ? [data] : [];
    });
    const found = rows.filter(({ id }, at) => rows.findIndex((row) => row.id === id) === at);
    return { artists: found.map(({ id, name }) => ({ id, name })), genres: genresOf(found) };
  });

/** Genres by how many of the artists play them; of equals the one whose artist is loved more. */
function genresOf(artists: readonly z.output<typeof artist>[]): string[] {
  const counts = new Map<string, number>();
  for (const { genres } of artists) {
    const names = genres.map((name) => name.trim().toLowerCase()).filter(Boolean);
    for (const name of new Set(names)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_GENRES)
    .map(([name]) => name);
}

/** What is known now: nothing never takes the place of something. */
export const betterTaste = (before: Taste | undefined, found: Taste): Taste => ({
  artists: found.artists.length > 0 ? found.artists : (before?.artists ?? []),
  genres: found.genres.length > 0 ? found.genres : (before?.genres ?? []),
});

export const isEmpty = ({ artists, genres }: Taste): boolean =>
  artists.length === 0 && genres.length === 0;
