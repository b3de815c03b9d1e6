import type { Queries } from '@whatsthecraic/platform/database';
import { limitSql } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { ActionColumns } from '../model/actions.ts';
import { ACTION_KINDS, type Action, STRENGTHS } from '../model/facts.ts';
import { HALF_LIFE_MS } from '../model/popularity.ts';
import { standing } from '../model/standing.ts';

/** All that is read of what people did. */
export const ACTION_TABLES = ['event_saves', 'event_hides', 'event_undone', 'feedback'];

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

const marks = (kind: string, at: string, table: string) =>
  `SELECT user_id AS user, event_id AS event, ${kind} AS kind, ${at} AS at, NULL AS position
   FROM ${table}`;
/** What events-service keeps: marks that stand, and what was taken off, as it was and as it is. */
const MARKS = [
  marks("'save'", 'saved_at', 'event_saves'),
  marks("'hide'", 'hidden_at', 'event_hides'),
  marks('kind', 'since', 'event_undone'),
  marks("CONCAT('un', kind)", 'undone_at', 'event_undone'),
];
const FEEDBACK =
  'SELECT user_id AS user, event_id AS event, action AS kind, at, position FROM feedback';

export async function actionsOf(database: Queries, user: number): Promise<Action[]> {
  const parts = [...MARKS, FEEDBACK].map(
    (source) => `(${source} WHERE user_id = ? ORDER BY at DESC ${limitSql(LATEST)})`,
  );
  return standing(
    await database.query(
      parts.join(' UNION ALL '),
      parts.map(() => user),
      actionRow,
    ),
  );
}

/** Everyone's actions, read by key in pages. */
export async function allActions(database: Queries): Promise<ActionColumns> {
  const actions = new ActionColumns();
  for (const source of MARKS) await readMarks(database, source, actions);
  await readFeedback(database, actions);
  return actions;
}

async function readMarks(database: Queries, source: string, to: ActionColumns): Promise<void> {
  // Of one event there may be a row of each kind, so that a page begins with the last event again.
  for (let user = 0, event = 0, seen = new Set<string>(); ; ) {
    const page = await database.query(
      `${source} WHERE user_id > ? OR (user_id = ? AND event_id >= ?)
       ORDER BY user_id, event_id ${limitSql(PAGE)}`,
      [user, user, event],
      actionRow,
    );
    const isSeen = ({ user, event, kind }: Action) => seen.has(`${user} ${event} ${kind}`);
    for (const action of page) if (!isSeen(action)) to.add(action);
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    ({ user, event } = last);
    seen = new Set(
      page
        .filter((it) => it.user === user && it.event === event)
        .map((it) => `${it.user} ${it.event} ${it.kind}`),
    );
  }
}

async function readFeedback(database: Queries, to: ActionColumns): Promise<void> {
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
    for (const { action } of page) to.add(action);
    if (page.length < PAGE) return;
    after = page.at(-1)?.id ?? 0;
  }
}

const heatRow = z.object({ event: z.int(), heat: z.number(), saves: z.int() });
const FADE = `POW(2, -GREATEST(0, TIMESTAMPDIFF(SECOND, at, ?)) / ${HALF_LIFE_MS / 1000})`;
const STRENGTH = `CASE kind ${ACTION_KINDS.map((kind) => `WHEN '${kind}' THEN ${STRENGTHS[kind]}`).join(' ')} ELSE 0 END`;

export interface Heat {
  readonly heat: number;
  readonly saves: number;
}

/**
 * How wanted the events to come are now, each action half forgotten after two weeks. What was taken
 * back no longer counts, and a save that stands in both tables is one.
 */
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
       SELECT h.user_id, h.event_id, 'hide', h.hidden_at
       FROM events e JOIN event_hides h ON h.event_id = e.id WHERE e.starts_at >= ?
         AND NOT EXISTS (SELECT 1 FROM feedback f WHERE f.user_id = h.user_id
           AND f.event_id = h.event_id AND f.action = 'hide')
       UNION ALL
       SELECT f.user_id, f.event_id, f.action, f.at
       FROM events e JOIN feedback f ON f.event_id = e.id WHERE e.starts_at >= ?
         AND NOT EXISTS (SELECT 1 FROM event_undone u WHERE u.user_id = f.user_id
           AND u.event_id = f.event_id AND u.kind = f.action AND u.undone_at >= f.at)
         AND NOT EXISTS (SELECT 1 FROM feedback b WHERE b.user_id = f.user_id
           AND b.event_id = f.event_id AND b.action = CONCAT('un', f.action) AND b.id > f.id)
     ) done GROUP BY event`,
    [now, now, now, now],
    heatRow,
  );
  return new Map(rows.map(({ event, heat, saves }) => [event, { heat, saves }]));
}

const SETTLED: readonly Action['kind'][] = ['save', 'hide', 'down'];

/** What is not to be shown again: saved, hidden or not liked, as it stands. */
export const settledEvents = (actions: readonly Action[]): Set<number> =>
  new Set(actions.filter(({ kind }) => SETTLED.includes(kind)).map(({ event }) => event));
