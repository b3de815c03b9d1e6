import type { Database, Queries } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { assign } from '../canonical/assign.ts';
import { cluster, type Decision } from '../canonical/cluster.ts';
import { merge } from '../canonical/merge.ts';
import type { SourceRecord } from '../canonical/source-event.ts';
import { nightOf } from '../domain/venue-time.ts';
import { recordsOf } from './source-records.ts';
import { createEventWriter, type EventWriter } from './write-event.ts';

/** Nights that hang together by events that were moved; more than these are nobody's. */
const MOST_NIGHTS = 16;
const NIGHTS_AT_ONCE = 20;

const blockRow = z.object({ city: z.string(), night: z.string() });
type Block = z.output<typeof blockRow>;

/** Makes events of all rows that are not yet part of one as they are now; gives back how many nights. */
export async function canonicalise(database: Database, signal?: AbortSignal): Promise<number> {
  const writer = await createEventWriter(database);
  for (let done = 0; ; ) {
    const blocks = await database.query(
      `SELECT DISTINCT city, DATE_FORMAT(night, '%Y-%m-%d') AS night FROM event_sources
       WHERE pending = 1 ORDER BY city, night LIMIT 200`,
      [],
      blockRow,
    );
    if (blocks.length === 0) return done;
    for (const some of byCity(blocks)) {
      signal?.throwIfAborted();
      await database.transaction(async (queries) => {
        for (const block of some) await canonicaliseBlock(queries, writer, block);
      });
      done += some.length;
    }
  }
}

/** Nights of one city that make a transaction: few enough to keep no other writer waiting for long. */
function byCity(blocks: readonly Block[]): Block[][] {
  const groups: Block[][] = [];
  for (const block of blocks) {
    const last = groups.at(-1);
    if (last && last[0]?.city === block.city && last.length < NIGHTS_AT_ONCE) last.push(block);
    else groups.push([block]);
  }
  return groups;
}

/** One night of a city; another writer there waits until the transaction ends. */
export async function canonicaliseBlock(
  queries: Queries,
  writer: EventWriter,
  { city, night }: Block,
): Promise<void> {
  await queries.query('SELECT name FROM cities WHERE name = ? FOR UPDATE', [city], anything);
  const records = await hangingTogether(queries, city, night);
  const groups = assign(cluster(records, await decisionsOn(queries, records)));
  for (const { records: group, eventId, absorbed } of groups) {
    const id = await writer.write(queries, merge(group), eventId, group);
    await writer.absorb(queries, id, absorbed);
    const strangers = group.filter((record) => record.eventId !== id).map((record) => record.id);
    if (strangers.length > 0) {
      await queries.run(
        `UPDATE event_sources SET event_id = ? WHERE id IN (${placeholders(strangers)})`,
        [id, ...strangers],
      );
    }
  }
  await writer.clear(queries, orphansOf(records, groups));
  const ids = records.map(({ id }) => id);
  if (ids.length > 0) {
    await queries.run(
      `UPDATE event_sources SET pending = 0 WHERE pending = 1 AND id IN (${placeholders(ids)})`,
      ids,
    );
  }
}

const anything = { parse: (row: unknown) => row };

/** All rows of the night, and of the nights that their moves lead to. */
async function hangingTogether(queries: Queries, city: string, night: string) {
  const nights = new Set([night]);
  for (;;) {
    const records = await recordsOf(queries, city, [...nights]);
    const before = nights.size;
    for (const { startsAt, formerStartsAt, hasTime } of records) {
      nights.add(nightOf(startsAt, hasTime));
      if (formerStartsAt) nights.add(nightOf(formerStartsAt, hasTime));
    }
    if (nights.size === before || nights.size > MOST_NIGHTS) return records;
  }
}

const decisionRow = z.object({
  kind: z.enum(['together', 'apart']),
  oneId: z.int(),
  otherId: z.int(),
});

async function decisionsOn(queries: Queries, records: readonly SourceRecord[]) {
  if (records.length === 0) return [];
  const ids = records.map(({ id }) => id);
  return queries.search<Decision>(
    `SELECT kind, one_id AS oneId, other_id AS otherId FROM match_decisions
     WHERE undone_at IS NULL AND one_id IN (${placeholders(ids)}) ORDER BY id`,
    ids,
    decisionRow,
  );
}

/** Events that no group goes on as, though their rows are all here. */
function orphansOf(
  records: readonly SourceRecord[],
  groups: readonly { eventId: number | undefined; absorbed: readonly number[] }[],
): readonly number[] {
  const taken = new Set(groups.flatMap(({ eventId, absorbed }) => [eventId, ...absorbed]));
  const known = new Set(records.flatMap(({ eventId }) => (eventId === null ? [] : [eventId])));
  return [...known].filter((id) => !taken.has(id));
}
