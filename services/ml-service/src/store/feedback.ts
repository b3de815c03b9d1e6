import type { Database, Queries } from '@whatsthecraic/platform/database';
import { InvalidRequest, NotFound } from '@whatsthecraic/platform/errors';
import { type Once, once } from '@whatsthecraic/platform/idempotency';
import { z } from 'zod';
import type { FEEDBACK_ACTIONS } from '../contract/fields.ts';

export type FeedbackAction = (typeof FEEDBACK_ACTIONS)[number];

export interface Feedback {
  readonly eventId: number;
  readonly action: FeedbackAction;
  readonly exposureId?: string | undefined;
}

export const kept = z.object({ id: z.int(), variant: z.string().nullable() });
export type Kept = z.output<typeof kept>;

/** Actions of one row are states of one thing: only a change between them is news. */
const THINGS: readonly (readonly FeedbackAction[])[] = [
  ['save', 'unsave'],
  ['hide', 'unhide'],
  ['up', 'down'],
  ['click'],
  ['calendar'],
];

const exposureRow = z.object({
  variant: z.string().nullable(),
  events: z.string().transform((text) => z.array(z.int()).parse(JSON.parse(text))),
});
const lastRow = z.object({ id: z.int(), action: z.string(), exposureId: z.string().nullable() });
const anyRow = z.object({ id: z.int() });

/**
 * Keeps what somebody did. Said again it is the same row: by its key, and without one because the event
 * is in that state already, or was clicked in that very list.
 */
export function keepFeedback(
  database: Database,
  user: number,
  feedback: Feedback,
  key: string | undefined,
  at: Date,
): Promise<Once<Kept>> {
  const claim = { owner: `user:${user}`, operation: 'feedback', key, request: feedback };
  return database.transaction((queries) =>
    once(queries, claim, kept, async () => {
      // Whoever says two things at once about one event says them one after the other.
      await queries.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [user], anyRow);
      const [event] = await queries.query(
        'SELECT id FROM events WHERE id = ?',
        [feedback.eventId],
        anyRow,
      );
      if (!event) {
        throw new NotFound(`there is no event ${feedback.eventId}`, 'unknown_event');
      }
      return write(queries, user, feedback, at);
    }),
  );
}

async function write(
  queries: Queries,
  user: number,
  { eventId, action, exposureId }: Feedback,
  at: Date,
): Promise<Kept> {
  const shown =
    exposureId === undefined ? undefined : await placeIn(queries, user, exposureId, eventId);
  const variant = shown?.variant ?? null;
  const thing = THINGS.find((it) => it.includes(action)) ?? [action];
  const [last] = await queries.query(
    `SELECT id, action, exposure_id AS exposureId FROM feedback WHERE user_id = ? AND event_id = ?
     AND action IN (?, ?) ORDER BY id DESC LIMIT 1`,
    [user, eventId, thing[0] ?? action, thing[1] ?? action],
    lastRow,
  );
  const isState = thing.length > 1;
  const isSame = last?.action === action && (isState || last.exposureId === (exposureId ?? null));
  if (last && isSame) return { id: last.id, variant };
  const { insertId } = await queries.run(
    `INSERT INTO feedback (user_id, event_id, action, exposure_id, position, at)
     VALUES (?, ?, ?, ?, ?, ?)`,
    [user, eventId, action, exposureId ?? null, shown?.position ?? null, at],
  );
  return { id: insertId, variant };
}

/** The place is the one that we gave it, not one that a client tells. */
async function placeIn(queries: Queries, user: number, exposureId: string, eventId: number) {
  const [found] = await queries.query(
    'SELECT variant, events FROM exposures WHERE id = ? AND (user_id = ? OR user_id IS NULL)',
    [exposureId, user],
    exposureRow,
  );
  const position = (found?.events.indexOf(eventId) ?? -1) + 1;
  if (!found || position === 0) {
    const message = 'expected the exposureId of a list that you were given and that has this event';
    throw new InvalidRequest([{ field: 'body.exposureId', message }]);
  }
  return { position, variant: found.variant };
}
