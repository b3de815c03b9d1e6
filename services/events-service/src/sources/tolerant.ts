import { z } from 'zod';

/** A field that is worth having and not worth losing its row for: what is wrong counts as absent. */
export const maybe = <S extends z.ZodType>(schema: S) =>
  schema
    .nullable()
    .catch(null)
    .optional()
    .transform((value) => value ?? null);

/** A list in which only the good items count. */
export const some = <S extends z.ZodType>(schema: S) =>
  z
    .array(z.unknown())
    .catch([])
    .optional()
    .transform((items) =>
      (items ?? []).flatMap((item) => {
        const result = schema.safeParse(item);
        return result.success ? [result.data] : [];
      }),
    );

/** Text within a column's length, cut where it is longer; control signs go. */
export const textUpTo = (longest: number) =>
  z
    .string()
    .transform((text) =>
      text
        .normalize('NFC')
        .replace(/[\p{Cc}\p{Cs}]+/gu, ' ')
        .replace(/ {2,}/g, ' ')
        .trim(),
    )
    .pipe(z.string().min(1))
    .transform((text) =>
      text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text,
    )
    .pipe(z.string().max(longest));

/** A link that may be shown; one that does not fit is no link when it is cut. */
export const link = z.url({ protocol: /^https?$/ }).max(2_048);

/** Degrees as a number or a text; 0, 0 in the sea off Africa is how some say nothing. */
export const degrees = (most: number) => z.coerce.number().min(-most).max(most);

export const amount = z.coerce.number().min(0).max(1_000_000);

/** What clocks at the venue show, without a zone: `2026-07-01T20:00:00`. */
export const wallClock = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?/)
  .transform((text) => ({ day: text.slice(0, 10), time: text.slice(11, 16) }))
  .refine(({ day, time }) => !Number.isNaN(Date.parse(`${day}T${time}:00Z`)), 'no such time');
