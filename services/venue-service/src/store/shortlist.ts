import type { Queries } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import type { Kind, shortlistItem } from '../contract/shortlist.ts';

export type ShortlistItem = z.output<typeof shortlistItem>;

const columns = 's.kind, s.item_id AS itemId, s.name, s.note, s.added_at AS addedAt';
const row = z
  .object({
    kind: z.enum(['dj', 'venue']),
    itemId: z.int(),
    name: z.string(),
    note: z.string().nullable(),
    addedAt: z.date(),
  })
  .transform(
    ({ addedAt, ...rest }): ShortlistItem => ({ ...rest, addedAt: addedAt.toISOString() }),
  );

export const listItems = (queries: Queries, planId: number): Promise<ShortlistItem[]> =>
  queries.query(
    `SELECT ${columns} FROM plan_shortlist s WHERE s.plan_id = ? ORDER BY s.kind, s.item_id`,
    [planId],
    row,
  );

export interface NewItem {
  readonly planId: number;
  readonly kind: Kind;
  readonly itemId: number;
  readonly name: string;
  readonly note: string | null;
}

export async function putItem(queries: Queries, item: NewItem): Promise<void> {
  await queries.run(
    `INSERT INTO plan_shortlist (plan_id, kind, item_id, name, note) VALUES (?, ?, ?, ?, ?)
     ON DUPLICATE KEY UPDATE name = VALUES(name), note = VALUES(note)`,
    [item.planId, item.kind, item.itemId, item.name, item.note],
  );
}

export async function removeItem(
  queries: Queries,
  { planId, kind, itemId }: Pick<NewItem, 'planId' | 'kind' | 'itemId'>,
): Promise<boolean> {
  const sql = 'DELETE FROM plan_shortlist WHERE plan_id = ? AND kind = ? AND item_id = ?';
  return (await queries.run(sql, [planId, kind, itemId])).affectedRows === 1;
}
