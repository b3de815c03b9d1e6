import type { Database } from '@whatsthecraic/platform/database';
import { z } from 'zod';
import { noteEvent } from '../store/account-events.ts';

const row = z.object({ id: z.number(), email: z.string() });

/** `false` when nobody has this address. */
const setRole = (role: 'user' | 'admin') => (database: Database, email: string) =>
  database.transaction(async (queries) => {
    const sql = 'SELECT id, email FROM users WHERE email = ? FOR UPDATE';
    const [found] = await queries.query(sql, [email.normalize('NFC').trim().toLowerCase()], row);
    if (!found) return false;
    const { id: userId } = found;
    const { affectedRows } = await queries.run('UPDATE users SET role = ? WHERE id = ?', [
      role,
      userId,
    ]);
    if (affectedRows > 0) {
      const at = new Date();
      await noteEvent(queries, { userId, actorId: null, what: 'role_changed', detail: role, at });
    }
    return true;
  });

export const grantAdmin = setRole('admin');
export const revokeAdmin = setRole('user');

export async function listAdmins(database: Database): Promise<string[]> {
  const sql = "SELECT id, email FROM users WHERE role = 'admin' ORDER BY email";
  return (await database.query(sql, [], row)).map(({ email }) => email);
}
