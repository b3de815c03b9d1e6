import type { Queries } from '@whatsthecraic/platform/database';
import type { Assignment } from '@whatsthecraic/platform/directory/edit';
import type { Kept, Written } from '@whatsthecraic/platform/directory/keep';
import { requireCity, requireGenres } from '@whatsthecraic/platform/directory/reference';
import { slugOf } from '@whatsthecraic/platform/directory/slug-of';
import { type DjChange, dj, type NewDj } from '../contract.ts';
import { toMinor } from '../domain/money.ts';
import type { Dj } from './dj-row.ts';
import type { DjStore } from './djs.ts';
import { subject } from './subject.ts';

/** How a DJ is written. */
export const keptDj = ({ find }: DjStore): Kept<Dj, NewDj, DjChange> => ({
  subject,
  path: '/djs',
  entry: dj,
  find,
  async toCreate(queries, body) {
    const written = await toWritten(queries, body);
    const slug: Assignment = { column: 'slug', value: slugOf(body.name) };
    return { ...written, columns: [slug, ...written.columns] };
  },
  toChange: toWritten,
});

async function toWritten(queries: Queries, body: DjChange): Promise<Written> {
  const { name, city, bio, fee, genres, contact } = body;
  const columns: Assignment[] = [];
  if (name !== undefined) columns.push({ column: 'name', value: name });
  if (bio !== undefined) columns.push({ column: 'bio', value: bio });
  if (city !== undefined) columns.push({ column: 'city', value: await requireCity(queries, city) });
  if (fee === null) columns.push({ column: 'fee_minor', value: null });
  else if (fee !== undefined) {
    columns.push({ column: 'fee_minor', value: toMinor(fee, 'body.fee.amount') });
    columns.push({ column: 'currency', value: fee.currency });
  }
  const genreIds = genres && (await requireGenres(queries, genres));
  return { columns, genreIds, contact };
}
