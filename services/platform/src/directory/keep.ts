import type { z } from 'zod';
import type { Caller } from '../caller.ts';
import { versionSeen } from '../conditional.ts';
import type { Database, Queries } from '../database.ts';
import { once, replayedHeader } from '../idempotency.ts';
import { Answer } from '../route.ts';
import { audit, type Change, findChanges } from './audit.ts';
import { type Contact, type ContactChange, changeContact, findContact } from './contact.ts';
import { type Assignment, deleteEntry, insertEntry, openEntry, updateEntry } from './edit.ts';
import { replaceGenres } from './reference.ts';
import type { Subject } from './subject.ts';
import {
  addWindow,
  checkSpan,
  findWindows,
  type NewWindow,
  removeWindow,
  type Span,
  type Window,
  window,
} from './windows.ts';

interface Entry {
  readonly id: number;
}

export interface Versioned<E> {
  readonly entry: E;
  readonly version: number;
}

/** What a service says of its kind: how a request becomes columns, and a row an answer. */
export interface Kept<E extends Entry, N, M> {
  readonly subject: Subject;
  readonly path: string;
  readonly entry: z.ZodType<E>;
  find(queries: Queries, id: number): Promise<Versioned<E> | undefined>;
  /** Throws what is wrong with a body beyond its schema. */
  toCreate(queries: Queries, body: N): Promise<Written>;
  toChange(queries: Queries, body: M, id: number): Promise<Written>;
  /** What follows from a write, in its transaction. */
  wrote?(queries: Queries, id: number, body: N | M): Promise<void>;
  /** What follows from a removal, in its transaction and before it. */
  removing?(queries: Queries, id: number): Promise<void>;
  /** What the database refused, in the words of the request. */
  explain?(error: unknown): unknown;
}

/** What of a body goes where. */
export interface Written {
  readonly columns: readonly Assignment[];
  readonly genreIds?: readonly number[] | undefined;
  readonly contact?: ContactChange | undefined;
}

type Body = Readonly<Record<string, unknown>>;

interface Keyed {
  readonly 'idempotency-key'?: string | undefined;
}

interface Seen {
  readonly 'if-match'?: string | undefined;
}

/** The handlers of `keeperRoutes`: each write one transaction, with its note of who and when. */
export function createKeeper<E extends Entry, N extends Body, M extends Body>(
  database: Database,
  kept: Kept<E, N, M>,
) {
  const { subject, path } = kept;
  const { kind } = subject;

  async function read(queries: Queries, id: number): Promise<Versioned<E>> {
    const found = await kept.find(queries, id);
    if (!found) throw subject.notFound(id);
    return found;
  }

  async function write(queries: Queries, id: number, { genreIds, contact }: Written) {
    if (genreIds) await replaceGenres(queries, subject, id, genreIds);
    if (contact) await changeContact(queries, subject, id, contact);
  }

  async function transact<T>(work: (queries: Queries) => Promise<T>): Promise<T> {
    try {
      return await database.transaction(work);
    } catch (error) {
      throw kept.explain?.(error) ?? error;
    }
  }

  const claim = (caller: Caller, operation: string, headers: Keyed, request: unknown) => ({
    owner: `user:${caller.id}`,
    operation,
    key: headers['idempotency-key'],
    request,
  });

  return {
    async get(id: number): Promise<Answer<E>> {
      const { entry, version } = await read(database, id);
      return new Answer(entry, { version });
    },

    async create(body: N, caller: Caller, headers: Keyed): Promise<Answer<E>> {
      const made = await transact((queries) =>
        once(queries, claim(caller, `${kind}_create`, headers, body), kept.entry, async () => {
          const written = await kept.toCreate(queries, body);
          const id = await insertEntry(queries, subject, caller, written.columns);
          await write(queries, id, written);
          await kept.wrote?.(queries, id, body);
          await audit(queries, subject, { id, action: 'create', caller, fields: body });
          return (await read(queries, id)).entry;
        }),
      );
      const { value, replayed } = made;
      const location = { Location: `${path}/${value.id}` };
      return new Answer(value, {
        version: 1,
        headers: { ...location, ...replayedHeader(replayed) },
      });
    },

    async change(id: number, body: M, caller: Caller, headers: Seen): Promise<Answer<E>> {
      const version = versionSeen(headers['if-match']);
      const changed = await transact(async (queries) => {
        await openEntry(queries, subject, { id, caller, version });
        const written = await kept.toChange(queries, body, id);
        await updateEntry(queries, subject, id, written.columns);
        await write(queries, id, written);
        await kept.wrote?.(queries, id, body);
        await audit(queries, subject, { id, action: 'update', caller, fields: body });
        return read(queries, id);
      });
      return new Answer(changed.entry, { version: changed.version });
    },

    async remove(id: number, caller: Caller, headers: Seen): Promise<undefined> {
      const version = versionSeen(headers['if-match']);
      await transact(async (queries) => {
        await openEntry(queries, subject, { id, caller, version });
        await kept.removing?.(queries, id);
        await deleteEntry(queries, subject, id);
        await audit(queries, subject, { id, action: 'delete', caller, fields: {} });
      });
    },

    async getContact(id: number): Promise<Contact> {
      const found = await findContact(database, subject, id);
      if (!found) throw subject.notFound(id);
      return found;
    },

    async listChanges(id: number, query: { limit: number; cursor?: string | undefined }) {
      const { found, nextCursor, hasMore } = await findChanges(database, subject, id, query);
      const changes: Change[] = found.map(({ item }) => item);
      return { changes, nextCursor, hasMore };
    },

    async listAvailability(id: number, span: Span): Promise<{ windows: Window[] }> {
      checkSpan(span, ['query.from', 'query.to'], 366);
      await read(database, id);
      return { windows: await findWindows(database, subject, id, span) };
    },

    async addAvailability(id: number, body: NewWindow, caller: Caller, headers: Keyed) {
      checkSpan({ from: body.startsAt, to: body.endsAt }, ['body.startsAt', 'body.endsAt']);
      const request = claim(caller, `${kind}_window`, headers, { id, ...body });
      const { value, replayed } = await transact((queries) =>
        once(queries, request, window, async () => {
          await openEntry(queries, subject, { id, caller, version: undefined });
          const added = await addWindow(queries, subject, id, body, caller);
          await audit(queries, subject, { id, action: 'window_add', caller, fields: { ...added } });
          return added;
        }),
      );
      return new Answer(value, { headers: replayedHeader(replayed) });
    },

    async removeAvailability(id: number, windowId: number, caller: Caller): Promise<undefined> {
      await transact(async (queries) => {
        await openEntry(queries, subject, { id, caller, version: undefined });
        await removeWindow(queries, subject, id, windowId);
        const fields = { window: windowId };
        await audit(queries, subject, { id, action: 'window_remove', caller, fields });
      });
    },
  };
}
