import { type Caller, ROLES } from '@whatsthecraic/platform/caller';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { isDuplicateKey } from '@whatsthecraic/platform/database-errors';
import { z } from 'zod';
import { EmailTaken } from '../errors.ts';

export interface Account extends Caller {
  readonly name: string;
  readonly email: string;
  readonly emailConfirmed: boolean;
  readonly createdAt: string;
}

export interface NewAccount {
  readonly email: string;
  readonly name: string;
  readonly passwordHash: string;
  readonly emailConfirmedAt: Date | null;
}

export interface AccountStore {
  findByEmail(email: string): Promise<{ account: Account; passwordHash: string } | undefined>;
  findById(id: number): Promise<Account | undefined>;
  passwordHashOf(id: number): Promise<string | undefined>;
  /** The same password, hashed anew. */
  keepHash(id: number, passwordHash: string): Promise<void>;
  rename(id: number, name: string): Promise<void>;
  remove(id: number): Promise<void>;
}

const columns = `id, name, email, role, email_confirmed_at AS emailConfirmedAt,
  created_at AS createdAt`;

const fields = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
  emailConfirmedAt: z.date().nullable(),
  createdAt: z.date(),
});

const toAccount = ({ emailConfirmedAt, createdAt, ...rest }: z.output<typeof fields>): Account => ({
  ...rest,
  emailConfirmed: emailConfirmedAt !== null,
  createdAt: createdAt.toISOString(),
});

const account = fields.transform(toAccount);
const hash = z.object({ passwordHash: z.string() });
const withHash = fields
  .extend(hash.shape)
  .transform(({ passwordHash, ...rest }) => ({ account: toAccount(rest), passwordHash }));

export function createAccountStore(database: Database): AccountStore {
  return {
    async findByEmail(email) {
      const sql = `SELECT ${columns}, password_hash AS passwordHash FROM users WHERE email = ?`;
      const [found] = await database.query(sql, [email], withHash);
      return found;
    },
    async findById(id) {
      const sql = `SELECT ${columns} FROM users WHERE id = ?`;
      const [found] = await database.query(sql, [id], account);
      return found;
    },
    async passwordHashOf(id) {
      const sql = 'SELECT password_hash AS passwordHash FROM users WHERE id = ?';
      const [found] = await database.query(sql, [id], hash);
      return found?.passwordHash;
    },
    async keepHash(id, passwordHash) {
      await database.run('UPDATE users SET password_hash = ? WHERE id = ?', [passwordHash, id]);
    },
    async rename(id, name) {
      await database.run('UPDATE users SET name = ? WHERE id = ?', [name, id]);
    },
    async remove(id) {
      await database.run('DELETE FROM users WHERE id = ?', [id]);
    },
  };
}

/** The number of the new account; `undefined` when the address has one, also from this very moment. */
export async function insertAccount(
  queries: Queries,
  { email, name, passwordHash, emailConfirmedAt }: NewAccount,
): Promise<number | undefined> {
  try {
    const { insertId } = await queries.run(
      'INSERT INTO users (email, name, password_hash, email_confirmed_at) VALUES (?, ?, ?, ?)',
      [email, name, passwordHash, emailConfirmedAt],
    );
    return insertId;
  } catch (error) {
    if (isDuplicateKey(error, 'uq_users_email')) return undefined;
    throw error;
  }
}

export async function setPassword(
  queries: Queries,
  { userId, passwordHash, at }: { userId: number; passwordHash: string; at: Date },
): Promise<void> {
  await queries.run('UPDATE users SET password_hash = ?, password_changed_at = ? WHERE id = ?', [
    passwordHash,
    at,
    userId,
  ]);
}

export async function confirmAddress(
  queries: Queries,
  { userId, email, at }: { userId: number; email: string; at: Date },
): Promise<void> {
  await queries.run(
    `UPDATE users SET email_confirmed_at = COALESCE(email_confirmed_at, ?)
     WHERE id = ? AND email = ?`,
    [at, userId, email],
  );
}

/** Gives an account another address; gives back the one before, `undefined` without such an account. */
export async function moveAddress(
  queries: Queries,
  { userId, email, at }: { userId: number; email: string; at: Date },
): Promise<string | undefined> {
  const sql = 'SELECT email FROM users WHERE id = ? FOR UPDATE';
  const [before] = await queries.query(sql, [userId], z.object({ email: z.string() }));
  if (!before) return undefined;
  try {
    const update = 'UPDATE users SET email = ?, email_confirmed_at = ? WHERE id = ?';
    await queries.run(update, [email, at, userId]);
  } catch (error) {
    throw isDuplicateKey(error, 'uq_users_email') ? new EmailTaken() : error;
  }
  return before.email;
}
