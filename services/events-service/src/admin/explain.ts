import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { score } from '../canonical/score.ts';
import type { SourceRecord } from '../canonical/source-event.ts';
import { nightOf } from '../domain/venue-time.ts';
import { EventNotFound } from '../errors.ts';
import { recordsOf, recordsOfEvent } from '../store/source-records.ts';
import { decisionsOn } from './decisions.ts';

/** What is shown beside an event's own rows: alike enough for an admin to wonder. */
const NEAR = 40;
const MOST_NEAR = 20;

/** What an event is made of, what nearly belongs to it, and how each two of these compare. */
export async function explainEvent(database: Database, asked: number) {
  const [event] = await database.query(
    'SELECT COALESCE(merged_into, id) AS id FROM events WHERE id = ?',
    [asked],
    z.object({ id: z.int() }),
  );
  if (!event) throw new EventNotFound(asked);
  const own = await recordsOfEvent(database, event.id);
  const near = await nearTo(database, own);
  const shown = [...own, ...near];
  const decisions = await decisionsOn(
    database,
    shown.map(({ id }) => id),
  );
  const pairs = own.flatMap((one, index) =>
    // Two that are only near are of no concern to this event.
    shown.slice(index + 1).map((other) => {
      const [a, b] = one.id < other.id ? [one, other] : [other, one];
      const { points, veto, reasons } = score(a, b);
      const decision = decisions.find(({ oneId, otherId }) => oneId === a.id && otherId === b.id);
      const found = { points, veto: veto ?? null, reasons: [...reasons] };
      return { oneId: a.id, otherId: b.id, ...found, decision: decision ?? null };
    }),
  );
  return { eventId: event.id, rows: own.map(toRow), near: near.map(toRow), pairs };
}

async function nearTo(database: Database, own: readonly SourceRecord[]): Promise<SourceRecord[]> {
  const [first] = own;
  if (!first) return [];
  const nights = [...new Set(own.map(({ startsAt, hasTime }) => nightOf(startsAt, hasTime)))];
  const ids = new Set(own.map(({ id }) => id));
  const others = (await recordsOf(database, first.city, nights)).filter(({ id }) => !ids.has(id));
  const best = (other: SourceRecord) => Math.max(...own.map((it) => score(it, other).points));
  return others
    .map((other) => ({ other, points: best(other) }))
    .filter(({ points }) => points >= NEAR)
    .toSorted((a, b) => b.points - a.points)
    .slice(0, MOST_NEAR)
    .map(({ other }) => other);
}

const toRow = ({ venue, startsAt, ...record }: SourceRecord) => ({
  id: record.id,
  eventId: record.eventId,
  source: record.source,
  sourceId: record.sourceId,
  title: record.title,
  city: record.city,
  venue: venue?.name ?? null,
  startsAt: startsAt.toISOString(),
  status: record.status,
  ticketUrl: record.ticketUrl,
  isGone: record.isGone,
});
