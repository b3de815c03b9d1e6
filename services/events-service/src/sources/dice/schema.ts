import { z } from 'zod';
import { amount, degrees, link, maybe, some, textUpTo } from '../tolerant.ts';

const run = z.object({
  id: z.string().min(1),
  status: z.string(),
  startedAt: z.iso.datetime(),
  defaultDatasetId: z.string().min(1),
  defaultKeyValueStoreId: z.string().min(1),
});
export type Run = z.output<typeof run>;

/** https://docs.apify.com/api/v2/actor-run-get */
export const oneRun = z.object({ data: run });
export const runs = z.object({ data: z.object({ items: z.array(run) }) });
export const input = z.object({ query: z.string(), dateUntil: z.iso.date() });
export const items = z.array(z.unknown());

const named = z.union([
  textUpTo(160),
  z.object({ name: textUpTo(160) }).transform(({ name }) => name),
]);
const when = z.union([z.string().min(8), z.number().positive()]);

export const row = z
  .object({
    id: maybe(z.union([z.string().min(1).max(255), z.number()]).transform(String)),
    eventId: maybe(z.string().min(1).max(255)),
    slug: maybe(z.string().min(1).max(255)),
    name: maybe(textUpTo(300)),
    title: maybe(textUpTo(300)),
    description: maybe(textUpTo(20_000)),
    date: maybe(when),
    datetime: maybe(when),
    startDate: maybe(when),
    date_unix: maybe(when),
    doorsOpenDate: maybe(when),
    endDate: maybe(when),
    doorsCloseDate: maybe(when),
    timezone: maybe(z.string()),
    venue: maybe(named),
    location: maybe(z.object({ lat: degrees(90), lng: degrees(180) })),
    latitude: maybe(degrees(90)),
    longitude: maybe(degrees(180)),
    city: maybe(named),
    url: maybe(link),
    image: maybe(link),
    status: maybe(z.string()),
    ageRestriction: maybe(z.string()),
    price: maybe(z.union([z.string().max(200), amount])),
    priceFrom: maybe(z.union([z.string().max(200), amount])),
    priceTo: maybe(z.union([z.string().max(200), amount])),
    currency: maybe(z.string().regex(/^[A-Z]{3}$/)),
    genres: some(textUpTo(80)),
    tags: some(textUpTo(80)),
    lineup: some(named),
    artists: some(named),
  })
  .refine(({ name, title }) => name ?? title, 'neither name nor title')
  .refine(
    ({ date, datetime, startDate, date_unix, doorsOpenDate }) =>
      date ?? datetime ?? startDate ?? date_unix ?? doorsOpenDate,
    'no time',
  )
  .refine(({ id, eventId, slug, url }) => id ?? eventId ?? slug ?? url, 'nothing to know it by');
export type Row = z.output<typeof row>;
