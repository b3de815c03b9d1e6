import { z } from 'zod';

/** The sources, the one whose word counts most first. */
export const SOURCES = ['local', 'ticketmaster', 'dice', 'eventbrite', 'bandsintown'] as const;
export type SourceName = (typeof SOURCES)[number];

const position = z.object({ latitude: z.number(), longitude: z.number() });
export type Position = z.output<typeof position>;

/** What a source says of an event, in our words; null is what it does not say. */
export const sourceEvent = z.object({
  source: z.enum(SOURCES),
  sourceId: z.string(),
  title: z.string(),
  city: z.string(),
  startsAt: z.coerce.date(),
  /** False: the day alone is known, and the moment is its beginning. */
  hasTime: z.boolean(),
  endsAt: z.coerce.date().nullable(),
  venue: z.object({ name: z.string(), position: position.nullable() }).nullable(),
  status: z.enum(['scheduled', 'postponed', 'cancelled']).nullable(),
  description: z.string().nullable(),
  ticketUrl: z.string().nullable(),
  imageUrl: z.string().nullable(),
  /** In minor units. */
  price: z
    .object({ min: z.int().nullable(), max: z.int().nullable(), currency: z.string() })
    .nullable(),
  ageMin: z.int().nullable(),
  genres: z.array(z.string()),
  artists: z.array(z.string()),
});
export type SourceEvent = z.output<typeof sourceEvent>;

/** A source's row as it is kept. */
export interface SourceRecord extends SourceEvent {
  readonly id: number;
  readonly eventId: number | null;
  readonly formerStartsAt: Date | null;
  /** The source has it no more. */
  readonly isGone: boolean;
}

/** What names a row in every order of arrival. */
export const keyOf = ({ source, sourceId }: Pick<SourceEvent, 'source' | 'sourceId'>) =>
  `${source}:${sourceId}`;
