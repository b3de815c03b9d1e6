import type { Reachable } from '@whatsthecraic/platform/directory/contact';
import { stringify } from 'csv-stringify/sync';
import type { ShortlistItem } from '../store/shortlist.ts';
import type { Venue } from '../store/venue-row.ts';
import type { Dj } from './directories.ts';

export interface ExportedItem {
  readonly item: ShortlistItem;
  readonly dj?: Dj | undefined;
  readonly venue?: Venue | undefined;
  readonly reachable?: Reachable | undefined;
}

const COLUMNS = [
  ...['kind', 'id', 'name', 'city', 'address', 'genres', 'capacity', 'fee'],
  ...['email', 'phone', 'instagram', 'website', 'contact note', 'note'],
];

/** A table that a spreadsheet opens as text: what would be a formula there gets an apostrophe. */
export const shortlistCsv = (items: readonly ExportedItem[]): string =>
  stringify(items.map(toRow), {
    header: true,
    columns: COLUMNS,
    bom: true,
    quoted: true,
    record_delimiter: 'windows',
    escape_formulas: true,
  });

function toRow({ item, dj, venue, reachable }: ExportedItem): (string | number | null)[] {
  const { email, phone, instagram, website, note } = reachable?.contact ?? {};
  const { fee } = dj ?? {};
  const entry = dj ?? venue;
  return [
    ...[item.kind, item.itemId, entry?.name ?? item.name, entry?.city ?? ''],
    ...[venue?.address ?? '', entry?.genres.join(', ') ?? '', venue?.capacity ?? ''],
    fee ? `${fee.amount} ${fee.currency}` : '',
    ...[email ?? '', phone ?? '', instagram ?? '', website ?? '', note ?? '', item.note ?? ''],
  ];
}
