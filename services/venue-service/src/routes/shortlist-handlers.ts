import type { Database } from '@whatsthecraic/platform/database';
import { HttpError, NotFound } from '@whatsthecraic/platform/errors';
import type { Log } from '@whatsthecraic/platform/log';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import type { shortlist as contract, Kind } from '../contract/shortlist.ts';
import type { Directories, Directory } from '../domain/directories.ts';
import { shortlistCsv } from '../domain/shortlist-csv.ts';
import { PlanNotFound, ShortlistFull } from '../errors.ts';
import { findPlan } from '../store/plans.ts';
import { listItems, putItem, removeItem, type ShortlistItem } from '../store/shortlist.ts';
import { requirePlan } from './plan-handlers.ts';

/** As many as can be asked for at once by their numbers. */
const MOST_ITEMS = 100;

const idsOf = (items: readonly ShortlistItem[], kind: Kind) =>
  items.filter((item) => item.kind === kind).map(({ itemId }) => itemId);

const byId = <E extends { readonly id: number }>(entries: readonly E[]) =>
  new Map(entries.map((entry) => [entry.id, entry]));

export const shortlistHandlers = (
  database: Database,
  { dj, venue }: Directories,
  log: Log,
): Handlers<typeof contract> => {
  /** Without the other service a shortlist still says whom it holds. */
  async function djsOf(items: readonly ShortlistItem[]) {
    try {
      return { djs: byId(await dj.findAll(idsOf(items, 'dj'))), degraded: [] };
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      log.warn({ err: error, upstream: 'dj-service' }, 'shortlist is incomplete');
      return { djs: new Map<number, never>(), degraded: ['dj-service'] };
    }
  }

  return {
    async getShortlist({ params, caller }) {
      await requirePlan(database, params.id, caller);
      const items = await listItems(database, params.id);
      const [{ djs, degraded }, venues] = await Promise.all([
        djsOf(items),
        venue.findAll(idsOf(items, 'venue')).then(byId),
      ]);
      return {
        items: items.map((item) => ({
          ...item,
          dj: item.kind === 'dj' ? (djs.get(item.itemId) ?? null) : null,
          venue: item.kind === 'venue' ? (venues.get(item.itemId) ?? null) : null,
        })),
        degraded,
      };
    },

    async putShortlistItem({ params: { id: planId, kind, itemId }, body: { note }, caller }) {
      await requirePlan(database, planId, caller);
      const directory = kind === 'dj' ? dj : venue;
      const [entry] = await directory.findAll([itemId]);
      if (!entry) throw directory.notFound(itemId);
      return database.transaction(async (queries) => {
        const plan = await findPlan(queries, planId, caller.id, { forUpdate: true });
        if (!plan) throw new PlanNotFound(planId);
        await putItem(queries, { planId, kind, itemId, name: entry.name, note });
        const items = await listItems(queries, planId);
        if (items.length > MOST_ITEMS) throw new ShortlistFull(MOST_ITEMS);
        const item = items.find((it) => it.kind === kind && it.itemId === itemId);
        if (!item) throw new Error('what was written is not there');
        return item;
      });
    },

    async removeShortlistItem({ params: { id: planId, kind, itemId }, caller }) {
      await requirePlan(database, planId, caller);
      if (await removeItem(database, { planId, kind, itemId })) return;
      throw new NotFound(`the shortlist has no ${kind} ${itemId}`, 'not_on_shortlist');
    },

    async exportShortlist({ params, headers: { authorization }, caller }) {
      await requirePlan(database, params.id, caller);
      const items = await listItems(database, params.id);
      const load = async <E extends { readonly id: number }>(directory: Directory<E>) => {
        const ids = idsOf(items, directory.kind);
        const [entries, contacts] = await Promise.all([
          directory.findAll(ids),
          directory.contactsOf(ids, authorization),
        ]);
        return { entries: byId(entries), contacts: byId(contacts) };
      };
      const [djs, venues] = await Promise.all([load(dj), load(venue)]);
      const csv = shortlistCsv(
        items.map((item) => {
          const { kind, itemId } = item;
          return kind === 'dj'
            ? { item, dj: djs.entries.get(itemId), reachable: djs.contacts.get(itemId) }
            : { item, venue: venues.entries.get(itemId), reachable: venues.contacts.get(itemId) };
        }),
      );
      const name = `shortlist-${params.id}.csv`;
      return new Answer(csv, {
        headers: { 'Content-Disposition': `attachment; filename="${name}"` },
      });
    },
  };
};
