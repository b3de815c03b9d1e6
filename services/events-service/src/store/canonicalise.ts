import type { Database, Queries } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { assign } from '../canonical/assign.ts';
import { cluster, type Decision } from '../canonical/cluster.ts';
import { merge } from '../canonical/merge.ts';
import { nightsOf, partsOf } from '../canonical/parts.ts';
import type { SourceRecord } from '../canonical/source-event.ts';
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
      await database.transaction((queries) => canonicaliseNights(queries, writer, some));
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

/**
 * Makes events of what the work has written, in the same transaction: of every night that it touched,
 * city by city in one order, so that two of these wait for each other and do not meet head-on.
 */
export async function canonicalisePending(
  queries: Queries,
  recordIds: readonly number[],
): Promise<void> {
  if (recordIds.length === 0) return;
  const blocks = await queries.search(
    `SELECT DISTINCT s.city, DATE_FORMAT(s.night, '%Y-%m-%d') AS night FROM event_sources s
     WHERE s.pending = 1 AND (s.id IN (${placeholders(recordIds)}) OR s.event_id IN
       (SELECT x.event_id FROM event_sources x WHERE x.id IN (${placeholders(recordIds)})))
     ORDER BY s.city, night`,
    [...recordIds, ...recordIds],
    blockRow,
  );
  const writer = await createEventWriter(queries);
  for (const some of byCity(blocks)) await canonicaliseNights(queries, writer, some);
}

/** Some nights of a city in as many statements as one; another writer there waits until the transaction ends. */
async function canonicaliseNights(
  queries: Queries,
  writer: EventWriter,
  blocks: readonly Block[],
): Promise<void> {
  const city = blocks[0]?.city ?? '';
  await queries.query('SELECT name FROM cities WHERE name = ? FOR UPDATE', [city], anything);
  const records = await hangingTogether(
    queries,
    city,
    blocks.map(({ night }) => night),
  );
  const decisions = await decisionsOn(queries, records);
  const groups = assign(partsOf(records, decisions).flatMap((part) => cluster(part, decisions)));
  const numbers = await writer.write(
    queries,
    city,
    groups.map(({ records: group, eventId }) => ({
      ...{ event: merge(group), id: eventId, records: group },
    })),
  );
  const homes = groups.flatMap(({ records: group }, index) =>
    group
      .filter(({ eventId }) => eventId !== numbers[index])
      .map(({ id }) => ({ id, event: numbers[index] })),
  );
  for (const [index, { absorbed }] of groups.entries()) {
    await writer.absorb(queries, numbers[index] ?? 0, absorbed);
  }
  if (homes.length > 0) {
    await queries.run(
      `UPDATE event_sources s JOIN JSON_TABLE(?, '$[*]' COLUMNS (
         id INT PATH '$.id', event INT PATH '$.event')) found ON found.id = s.id
       SET s.event_id = found.event`,
      [JSON.stringify(homes)],
    );
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

/** All rows of these nights, and of the nights that their moves, or what an admin put together, lead to. */
async function hangingTogether(queries: Queries, city: string, begun: readonly string[]) {
  const nights = new Set(begun);
  for (;;) {
    const records = await recordsOf(queries, city, [...nights]);
    const before = nights.size;
    for (const night of records.flatMap(nightsOf)) nights.add(night);
    for (const night of await nightsDecided(queries, city, records)) nights.add(night);
    if (nights.size === before || nights.size > begun.length + MOST_NIGHTS) return records;
  }
}

const nightRow = z.object({ night: z.string() }).transform(({ night }) => night);

/** Where the others are that an admin said are one with these. */
async function nightsDecided(queries: Queries, city: string, records: readonly SourceRecord[]) {
  if (records.length === 0) return [];
  const ids = records.map(({ id }) => id);
  const list = placeholders(ids);
  return queries.search(
    `SELECT DISTINCT DATE_FORMAT(s.night, '%Y-%m-%d') AS night FROM match_decisions d
     JOIN event_sources s ON s.id IN (d.one_id, d.other_id) AND s.city = ?
     WHERE d.undone_at IS NULL AND d.kind = 'together'
       AND (d.one_id IN (${list}) OR d.other_id IN (${list}))`,
    [city, ...ids, ...ids],
    nightRow,
  );
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
