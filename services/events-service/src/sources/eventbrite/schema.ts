import { z } from 'zod';
import { degrees, link, maybe, textUpTo, wallClock } from '../tolerant.ts';

const pagination = z.object({
  has_more_items: z.boolean().default(false),
  continuation: maybe(z.string().min(1)),
});

export const page = z.object({ pagination, events: z.array(z.unknown()) });
export const organizations = z.object({
  pagination,
  organizations: z.array(z.object({ id: z.string().min(1) })),
});

const time = z
  .object({
    utc: maybe(z.iso.datetime()),
    local: maybe(wallClock),
    timezone: maybe(z.string()),
  })
  .refine(({ utc, local }) => utc ?? local, 'neither utc nor local');

const cost = maybe(
  z.object({ value: z.int().min(0).max(100_000_000), currency: z.string().regex(/^[A-Z]{3}$/) }),
);
const named = maybe(z.object({ name: textUpTo(160) }));

/** https://www.eventbrite.com/platform/api#/reference/event */
export const row = z.object({
  id: z.string().min(1).max(255),
  name: z.object({ text: textUpTo(300) }),
  summary: maybe(textUpTo(20_000)),
  description: maybe(z.object({ text: maybe(textUpTo(20_000)) })),
  url: maybe(link),
  start: time,
  end: maybe(time),
  status: maybe(z.string()),
  is_free: maybe(z.boolean()),
  online_event: maybe(z.boolean()),
  currency: maybe(z.string().regex(/^[A-Z]{3}$/)),
  logo: maybe(z.object({ url: link })),
  subcategory: named,
  ticket_availability: maybe(z.object({ minimum_ticket_price: cost, maximum_ticket_price: cost })),
  venue: maybe(
    z.object({
      name: maybe(textUpTo(160)),
      latitude: maybe(degrees(90)),
      longitude: maybe(degrees(180)),
      address: maybe(z.object({ city: maybe(textUpTo(160)) })),
    }),
  ),
  music_properties: maybe(z.object({ age_restriction: maybe(z.string()) })),
});
export type Row = z.output<typeof row>;
