import type { Queries } from '@whatsthecraic/platform/database';
import { limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { ACTION_KINDS, type Action, STRENGTHS } from '../model/facts.ts';
import { HALF_LIFE_MS } from '../model/popularity.ts';

/** All that is read of what people did. */
export const ACTION_TABLES = ['event_saves', 'feedback'];

const PAGE = 1_000;
/** The last of somebody's actions are enough to know them by. */
const LATEST = 300;

const actionRow = z
  .object({
    user: z.int(),
    event: z.int(),
    kind: z.enum(ACTION_KINDS as [Action['kind'], ...Action['kind'][]]),
    at: z.date(),
    position: z.int().nullable(),
  })
  .transform(
    ({ at, position, ...rest }): Action => ({
      ...rest,
      at: at.getTime(),
      ...(position === null ? {} : { position }),
    }),
  );

const SAVES = `SELECT user_id AS user, event_id AS event, 'save' AS kind, saved_at AS at,
  NULL AS position FROM event_saves`;
const FEEDBACK =
  'SELECT user_id AS user, event_id AS event, action AS kind, at, position FROM feedback';

/**
 * A save that stands in both tables is one; what was undone stays, since it says something too.
 */
function joined(saves: readonly Action[], feedback: readonly Action[]): Action[] {
  const told = new Set(
    feedback.filter(({ kind }) => kind === 'save').map(({ user, event }) => `${user} ${event}`),
  );
  return [...saves.filter(({ user, event }) => !told.has(`${user} ${event}`)), ...feedback];
}

export async function actionsOf(database: Queries, user: number): Promise<Action[]> {
  const [saves, feedback] = await Promise.all([
    database.query(
      `${SAVES} WHERE user_id = ? ORDER BY saved_at DESC ${limitSql(LATEST)}`,
      [user],
      actionRow,
    ),
    database.query(
      `${FEEDBACK} WHERE user_id = ? ORDER BY id DESC ${limitSql(LATEST)}`,
      [user],
      actionRow,
    ),
  ]);
  return joined(saves, feedback);
}

/** Everyone's actions, read by key in pages. */
export async function allActions(database: Queries): Promise<Action[]> {
  const saves: Action[] = [];
  for (let user = 0, event = 0; ; ) {
    const page = await database.query(
      `${SAVES} WHERE user_id > ? OR (user_id = ? AND event_id > ?)
       ORDER BY user_id, event_id ${limitSql(PAGE)}`,
      [user, user, event],
      actionRow,
    );
    saves.push(...page);
    if (page.length < PAGE) break;
    ({ user, event } = page.at(-1) ?? { user, event });
  }
  const feedback: Action[] = [];
  for (let after = 0; ; ) {
    const page = await database.query(
      `SELECT id, user_id AS user, event_id AS event, action AS kind, at, position FROM feedback
       WHERE id > ? ORDER BY id ${limitSql(PAGE)}`,
      [after],
      {
        parse: (row: unknown) => ({
          id: z.looseObject({ id: z.int() }).parse(row).id,
          action: actionRow.parse(row),
        }),
      },
    );
    for (const { action } of page) feedback.push(action);
    if (page.length < PAGE) break;
    after = page.at(-1)?.id ?? 0;
  }
  return joined(saves, feedback);
}

const heatRow = z.object({ event: z.int(), heat: z.number(), saves: z.int() });
const FADE = `POW(2, -GREATEST(0, TIMESTAMPDIFF(SECOND, at, ?)) / ${HALF_LIFE_MS / 1000})`;
const STRENGTH = `CASE kind ${ACTION_KINDS.map((kind) => `WHEN '${kind}' THEN ${STRENGTHS[kind]}`).join(' ')} ELSE 0 END`;

export interface Heat {
  readonly heat: number;
  readonly saves: number;
}

/** How wanted the events to come are now, each action half forgotten after two weeks. */
export async function heats(database: Queries, now: Date): Promise<Map<number, Heat>> {
  const rows = await database.search(
    `SELECT event, SUM(${STRENGTH} * ${FADE}) AS heat,
       CAST(COUNT(DISTINCT IF(kind = 'save', user, NULL)) AS SIGNED) AS saves
     FROM (
       SELECT s.user_id AS user, s.event_id AS event, 'save' AS kind, s.saved_at AS at
       FROM events e JOIN event_saves s ON s.event_id = e.id WHERE e.starts_at >= ?
         AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.user_id = s.user_id
           AND f.event_id = s.event_id AND f.action = 'save')
       UNION ALL
       SELECT f.user_id, f.event_id, f.action, f.at
       FROM events e JOIN feedback f ON f.event_id = e.id WHERE e.starts_at >= ?
     ) done GROUP BY event`,
    [now, now, now],
    heatRow,
  );
  return new Map(rows.map(({ event, heat, saves }) => [event, { heat, saves }]));
}

const OPPOSITES: Partial<Record<Action['kind'], Action['kind']>> = {
  unsave: 'save',
  unhide: 'hide',
};

/** What is not to be shown again: saved or hidden, unless that was taken back. */
export function settledEvents(actions: readonly Action[]): Set<number> {
  const standing = new Map<number, Set<Action['kind']>>();
  for (const { event, kind } of [...actions].sort((a, b) => a.at - b.at)) {
    const own = standing.get(event) ?? new Set();
    const undone = OPPOSITES[kind];
    if (undone) own.delete(undone);
    else if (kind === 'save' || kind === 'hide' || kind === 'down') own.add(kind);
    standing.set(event, own);
  }
  return new Set([...standing].filter(([, kinds]) => kinds.size > 0).map(([event]) => event));
}
