import { type Caller, ROLES } from '@whatsthecraic/platform/caller';
import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';

export interface Account extends Caller {
  readonly name: string;
  readonly email: string;
}

export interface AccountStore {
  findByEmail(email: string): Promise<{ account: Account; passwordHash: string } | undefined>;
  findById(id: number): Promise<Account | undefined>;
}

const account = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string(),
  role: z.enum(ROLES),
});
const withHash = account
  .extend({ passwordHash: z.string() })
  .transform(({ passwordHash, ...rest }) => ({ account: rest, passwordHash }));

export function createAccountStore(database: Database): AccountStore {
  return {
    async findByEmail(email) {
      const sql = `SELECT id, name, email, role, password_hash AS passwordHash
        FROM users WHERE email = ?`;
      const [found] = await database.query(sql, [email], withHash);
      return found;
    },
    async findById(id) {
      const sql = 'SELECT id, name, email, role FROM users WHERE id = ?';
      const [found] = await database.query(sql, [id], account);
      return found;
    },
  };
}
