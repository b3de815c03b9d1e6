import type { Role } from '@whatsthecraic/platform/caller';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { isDuplicateKey } from '@whatsthecraic/platform/database-errors';
import { Conflict, NotFound } from '@whatsthecraic/platform/errors';
import { type Once, once } from '@whatsthecraic/platform/idempotency';
import { enqueueMail } from '@whatsthecraic/platform/mail/outbox';
import { z } from 'zod';
import { request as requestSchema } from '../contract/organizers.ts';
import { noteEvent } from '../store/account-events.ts';
import {
  insertRequest,
  lockRequest,
  type OrganizerRequest,
  settleRequest,
} from '../store/organizer-requests.ts';

const NOTICE_MS = 7 * 86_400_000;

export interface Roles {
  ask(request: {
    userId: number;
    role: Role;
    message: string;
    key: string | undefined;
  }): Promise<{ id: number; replayed: boolean }>;
  decide(decision: {
    id: number;
    status: 'granted' | 'refused';
    note: string;
    by: number;
    key: string | undefined;
  }): Promise<Once<OrganizerRequest>>;
  /** Makes a person an organizer, or a user again. */
  set(change: { userId: number; role: 'user' | 'organizer'; by: number }): Promise<void>;
}

const roleRow = z.object({ role: z.enum(['user', 'organizer', 'admin']) });

export function createRoles(database: Database, now: () => number): Roles {
  async function setRole(queries: Queries, userId: number, role: Role, by: number): Promise<void> {
    const sql = 'SELECT role FROM users WHERE id = ? FOR UPDATE';
    const [found] = await queries.query(sql, [userId], roleRow);
    if (!found) throw new NotFound('there is no such account', 'user_not_found');
    if (found.role === 'admin') {
      throw new Conflict('is_admin', 'This is an admin', {
        detail: 'admins are made and unmade by the command admin.js, never from here',
      });
    }
    if (found.role === role) return;
    await queries.run('UPDATE users SET role = ? WHERE id = ?', [role, userId]);
    const at = new Date(now());
    await noteEvent(queries, { userId, actorId: by, what: 'role_changed', detail: role, at });
  }

  return {
    async ask({ userId, role, message, key }) {
      if (role !== 'user') throw new Conflict('already_organizer', 'You are an organizer already');
      const claim = {
        owner: `user:${userId}`,
        operation: 'requestOrganizer',
        key,
        request: message,
      };
      try {
        const { value, replayed } = await database.transaction((queries) =>
          once(queries, claim, z.int(), () =>
            insertRequest(queries, { userId, message, at: new Date(now()) }),
          ),
        );
        return { id: value, replayed };
      } catch (error) {
        if (!isDuplicateKey(error, 'uq_organizer_requests_user_open')) throw error;
        throw new Conflict('request_open', 'You have asked already', {
          detail: 'an admin has not decided yet; you hear of it by mail',
        });
      }
    },

    decide: ({ id, status, note, by, key }) =>
      database.transaction((queries) => {
        const operation = 'decideOrganizerRequest';
        const claim = { owner: `user:${by}`, operation, key, request: { id, status, note } };
        return once(queries, claim, requestSchema, async () => {
          const found = await lockRequest(queries, id);
          if (!found) throw new NotFound('there is no such request', 'request_not_found');
          const { user, ...request } = found;
          if (request.status !== 'open') {
            throw new Conflict('request_decided', `The request is ${request.status} already`);
          }
          const at = new Date(now());
          await settleRequest(queries, { id, status, note, by, at });
          if (status === 'granted') await setRole(queries, user.id, 'organizer', by);
          const data = { what: `organizer_${status}` };
          const expiresAt = new Date(now() + NOTICE_MS);
          await enqueueMail(queries, { kind: 'notice', to: user.email, data, expiresAt });
          return { ...request, status, note, decidedAt: at.toISOString() };
        });
      }),

    set: ({ userId, role, by }) =>
      database.transaction((queries) => setRole(queries, userId, role, by)),
  };
}
