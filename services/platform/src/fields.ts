import { z } from 'zod';

/** The number of a row in a path; `5abc`, `-1` and `1e3` are none. */
export const idParam = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'expected a whole number from 1')
  .transform(Number);

const words = (longest: number) =>
  z
    .string()
    .transform((text) => text.normalize('NFC').trim().replace(/\s+/g, ' '))
    .pipe(
      z
        .string()
        .max(longest)
        .regex(/[\p{L}\p{N}]/u, 'expected a word'),
    );

/** A search text as people type it: trimmed, blanks joined. */
export const searchText = words(100);

/** A place name or a genre, compared by the database without case and accents. */
export const name = words(64);

/** `techno,house` as a list without doubles. */
export const nameList = z
  .string()
  .max(400)
  .transform((text) => [
    ...new Set(
      text
        .split(',')
        .map((it) => it.trim())
        .filter(Boolean),
    ),
  ])
  .pipe(z.array(name).min(1, 'expected names with commas between them').max(10));

export const price = z.object({
  min: z.number().nullable(),
  max: z.number().nullable(),
  currency: z.string().length(3),
});

export const position = z.object({ latitude: z.number(), longitude: z.number() });
