import fc from 'fast-check';

/** What a field of a dirty feed may hold in place of what it should. */
const rubbish = fc.oneof(
  fc.constantFrom(null, undefined, '', ' ', 0, -1, Number.NaN, true, [], {}, 'x'.repeat(5_000)),
  fc.string({ unit: 'grapheme' }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Fields that a row is worth keeping without. */
export const otherFields = {
  ticketmaster: [
    'info',
    'pleaseNote',
    'url',
    'priceRanges',
    'classifications',
    'ageRestrictions',
    'images',
    '_embedded',
  ],
  bandsintown: ['url', 'starts_at', 'ends_at', 'description', 'lineup', 'offers', 'free', 'artist'],
  eventbrite: [
    'summary',
    'description',
    'url',
    'end',
    'status',
    'is_free',
    'online_event',
    'currency',
    'logo',
    'subcategory',
    'ticket_availability',
    'venue',
    'music_properties',
  ],
  dice: [
    'eventId',
    'slug',
    'title',
    'description',
    'datetime',
    'date_unix',
    'doorsOpenDate',
    'endDate',
    'timezone',
    'venue',
    'location',
    'latitude',
    'city',
    'url',
    'image',
    'status',
    'ageRestriction',
    'price',
    'priceFrom',
    'priceTo',
    'currency',
    'genres',
    'tags',
    'lineup',
    'artists',
  ],
} as const;

/** Any of these fields, each with anything in it. */
export const rubbishIn = (names: readonly string[]) =>
  fc.record(Object.fromEntries(names.map((name) => [name, rubbish])), { requiredKeys: [] });
