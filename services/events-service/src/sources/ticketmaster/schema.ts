import { z } from 'zod';
import { amount, degrees, link, maybe, some, textUpTo } from '../tolerant.ts';

export const page = z.object({
  _embedded: z.object({ events: z.array(z.unknown()) }).optional(),
  page: z.object({ totalElements: z.int(), totalPages: z.int() }),
});

const named = z.object({ name: textUpTo(160) });

/** https://developer.ticketmaster.com/products-and-docs/apis/discovery-api/v2/#search-events-v2 */
export const row = z.object({
  id: z.string().min(1).max(255),
  name: textUpTo(300),
  info: maybe(textUpTo(20_000)),
  pleaseNote: maybe(textUpTo(20_000)),
  url: maybe(link),
  dates: z.object({
    start: z
      .object({
        dateTime: maybe(z.iso.datetime()),
        localDate: maybe(z.iso.date()),
        localTime: maybe(z.iso.time()),
        dateTBA: maybe(z.boolean()),
        dateTBD: maybe(z.boolean()),
        timeTBA: maybe(z.boolean()),
        noSpecificTime: maybe(z.boolean()),
      })
      .refine(({ dateTime, localDate }) => dateTime ?? localDate, 'neither dateTime nor localDate'),
    end: maybe(z.object({ dateTime: maybe(z.iso.datetime()) })),
    timezone: maybe(z.string()),
    status: maybe(z.object({ code: z.string() })),
  }),
  priceRanges: some(
    z.object({ min: maybe(amount), max: maybe(amount), currency: z.string().regex(/^[A-Z]{3}$/) }),
  ),
  classifications: some(
    z.object({ segment: maybe(named), genre: maybe(named), subGenre: maybe(named) }),
  ),
  ageRestrictions: maybe(z.object({ legalAgeEnforced: maybe(z.boolean()) })),
  images: some(z.object({ url: link, width: z.number().catch(0), ratio: z.string().catch('') })),
  _embedded: z
    .object({
      venues: some(
        z.object({
          name: maybe(textUpTo(160)),
          city: maybe(named),
          timezone: maybe(z.string()),
          location: maybe(z.object({ latitude: degrees(90), longitude: degrees(180) })),
        }),
      ),
      attractions: some(named),
    })
    .catch({ venues: [], attractions: [] })
    .optional()
    .transform((it) => it ?? { venues: [], attractions: [] }),
});
export type Row = z.output<typeof row>;
