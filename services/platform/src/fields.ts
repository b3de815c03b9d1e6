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

/** `53.3498,-6.2603`: latitude first, as maps show it. */
export const near = z
  .string()
  .regex(/^-?\d{1,2}(\.\d{1,8})?,-?\d{1,3}(\.\d{1,8})?$/, 'expected latitude,longitude')
  .transform((pair) => {
    const [latitude = 0, longitude = 0] = pair.split(',').map(Number);
    return { latitude, longitude };
  })
  .pipe(
    z.object({
      // Near the poles a circle is no box of degrees any more; there are few gigs.
      latitude: z.number().min(-85).max(85),
      longitude: z.number().min(-180).max(180),
    }),
  );

/** A moment with its zone, as a `Date`: `2026-12-01T20:00:00Z`. */
export const moment = z.iso
  .datetime({ offset: true, error: 'expected a time with its zone (2026-12-01T20:00:00Z)' })
  .transform((text) => new Date(text));

/** A text of people, kept as they wrote it but for blanks around it. */
export const text = (longest: number) =>
  z
    .string()
    .transform((it) => it.normalize('NFC').trim())
    .pipe(z.string().min(1, 'expected a text').max(longest));

/** Names of an entry's genres; an empty list is none. */
export const genreNames = z.array(name).max(10);

/** `3,5,8`: numbers of rows, at most a page of them. */
export const idList = z
  .string()
  .regex(
    /^[1-9]\d{0,9}(,[1-9]\d{0,9}){0,99}$/,
    'expected up to 100 numbers with commas between them',
  )
  .transform((list) => [...new Set(list.split(',').map(Number))]);

/** The body of a change: its fields are optional, and one at least is there. */
export const changeOf = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z
    .strictObject(shape)
    .refine((body) => Object.keys(body).length > 0, 'expected at least one field to change');

/** `true` or `false` in a query. */
export const yesNo = z.enum(['true', 'false']).transform((word) => word === 'true');
