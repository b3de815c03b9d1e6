import { z } from 'zod';
import type { Queries } from '../database.ts';
import { placeholders } from '../sql.ts';
import { idColumn, type Subject, tableOf } from './subject.ts';

const lineOf = (longest: number) => z.string().trim().min(1).max(longest);

/** How to reach somebody; never part of an answer that anybody may read. */
const fields = {
  email: z.email('expected an address such as name@example.com').max(254),
  phone: z.string().regex(/^\+?[\d ()-]{5,32}$/, 'expected digits, for example +353 1 234 5678'),
  instagram: z.string().regex(/^@?[\w.]{1,30}$/, 'expected a name such as @fionn'),
  website: z.url({ protocol: /^https?$/, error: 'expected an http or https URL' }).max(500),
  note: lineOf(500),
};
type Field = keyof typeof fields;
const NAMES = Object.keys(fields) as Field[];

const optional = <T extends z.ZodType>(schema: T) => schema.nullable().optional();

/** A change of it: what is not named stays, null clears. */
export const contactChange = z.strictObject({
  email: optional(fields.email),
  phone: optional(fields.phone),
  instagram: optional(fields.instagram),
  website: optional(fields.website),
  note: optional(fields.note),
});
export type ContactChange = z.output<typeof contactChange>;

export const contact = z
  .object({
    email: z.string().nullable(),
    phone: z.string().nullable(),
    instagram: z.string().nullable(),
    website: z.string().nullable(),
    note: z.string().nullable(),
  })
  .describe('How to reach them; for organizers');
export type Contact = z.output<typeof contact>;

const NONE: Contact = { email: null, phone: null, instagram: null, website: null, note: null };

/** How to reach an entry's people; all null when nothing is known. */
export async function findContact(
  queries: Queries,
  subject: Subject,
  id: number,
): Promise<Contact | undefined> {
  const [found] = await queries.query(
    `SELECT ${NAMES.map((name) => `c.${name}`).join(', ')} FROM ${subject.table} s
     LEFT JOIN ${tableOf(subject, 'contacts')} c ON c.${idColumn(subject)} = s.id WHERE s.id = ?`,
    [id],
    contact,
  );
  return found && { ...NONE, ...found };
}

const reachable = z
  .object({ id: z.int(), name: z.string() })
  .extend(contact.shape)
  .transform(({ id, name, ...rest }) => ({ id, name, contact: rest }));
export type Reachable = z.output<typeof reachable>;

/** How to reach these entries' people; of one that is gone nothing. */
export const findContacts = (
  queries: Queries,
  subject: Subject,
  ids: readonly number[],
): Promise<Reachable[]> =>
  queries.search(
    `SELECT s.id, s.name, ${NAMES.map((name) => `c.${name}`).join(', ')} FROM ${subject.table} s
     LEFT JOIN ${tableOf(subject, 'contacts')} c ON c.${idColumn(subject)} = s.id
     WHERE s.id IN (${placeholders(ids)}) ORDER BY s.id`,
    ids,
    reachable,
  );

/** Writes the fields that are named and leaves the others. */
export async function changeContact(
  queries: Queries,
  subject: Subject,
  id: number,
  changed: ContactChange,
): Promise<void> {
  const names = NAMES.filter((name) => changed[name] !== undefined);
  if (names.length === 0) return;
  const columns = [idColumn(subject), ...names];
  const updates = names.map((name) => `${name} = VALUES(${name})`);
  await queries.run(
    `INSERT INTO ${tableOf(subject, 'contacts')} (${columns.join(', ')})
     VALUES (${columns.map(() => '?').join(', ')}) ON DUPLICATE KEY UPDATE ${updates.join(', ')}`,
    [id, ...names.map((name) => changed[name] ?? null)],
  );
}
