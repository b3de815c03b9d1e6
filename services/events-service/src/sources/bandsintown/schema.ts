import { z } from 'zod';
import { degrees, link, maybe, some, textUpTo, wallClock } from '../tolerant.ts';

export const page = z.array(z.unknown());

/** https://app.swaggerhub.com/apis/Bandsintown/PublicAPI/3.0.1 */
export const row = z
  .object({
    id: z.union([z.string().min(1).max(255), z.number()]).transform(String),
    url: maybe(link),
    datetime: maybe(wallClock),
    starts_at: maybe(wallClock),
    ends_at: maybe(wallClock),
    title: maybe(textUpTo(300)),
    description: maybe(textUpTo(20_000)),
    venue: z.object({
      name: maybe(textUpTo(160)),
      city: maybe(textUpTo(160)),
      latitude: maybe(degrees(90)),
      longitude: maybe(degrees(180)),
    }),
    lineup: some(textUpTo(160)),
    offers: some(z.object({ url: link })),
    free: maybe(z.boolean()),
  })
  .refine(({ datetime, starts_at }) => datetime ?? starts_at, 'neither datetime nor starts_at')
  .refine(({ title, lineup }) => title ?? lineup[0], 'neither title nor lineup');
export type Row = z.output<typeof row>;
