import type { Database, Queries } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn } from '@whatsthecraic/platform/page';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { mentionsOf, type Named, possibleNames } from '../domain/mentions.ts';
import { type DjSearch, djList } from './dj-list.ts';
import { type Dj, djColumns, djRow, versionedDj } from './dj-row.ts';
import type { RateStore } from './rates.ts';

interface DjPage {
  readonly djs: Dj[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

export interface DjStore {
  search(search: DjSearch): Promise<DjPage>;
  /** The DJs whose names stand in each of these texts. */
  findMentions(texts: readonly string[]): Promise<Named[][]>;
  /** One DJ with its version, also inside of a transaction. */
  find(queries: Queries, id: number): Promise<{ entry: Dj; version: number } | undefined>;
}

const namedRow = z.object({ id: z.int(), name: z.string() });
const MOST_NAMES = 2_000;

export function createDjStore(
  database: Database,
  rates: RateStore,
  now: () => Date = () => new Date(),
): DjStore {
  return {
    async search(search) {
      const names = search.genre === undefined ? search.genres : [search.genre];
      const genreIds = names && (await findGenreIds(database, names));
      if (genreIds?.length === 0) return { ...toDjs(emptyPage) };
      const current = await rates.current();
      const row = djRow(current, now());
      const load = (ids: readonly number[]) =>
        database.search(`SELECT ${djColumns} FROM djs d WHERE ${idsIn('d.id', ids)}`, ids, row);
      return toDjs(await findPage(database, djList(search, genreIds, current), load));
    },
    async findMentions(texts) {
      const names = [...new Set(texts.flatMap(possibleNames))].slice(0, MOST_NAMES);
      if (names.length === 0) return texts.map(() => []);
      const sql = `SELECT d.id, d.name FROM djs d WHERE d.name IN (${placeholders(names)})`;
      return mentionsOf(texts, await database.search(sql, names, namedRow));
    },
    async find(queries, id) {
      const [found] = await queries.query(
        `SELECT ${djColumns} FROM djs d WHERE d.id = ?`,
        [id],
        versionedDj(await rates.current(queries), now()),
      );
      return found;
    },
  };
}

const toDjs = ({
  found,
  ...rest
}: {
  readonly found: readonly { readonly item: Dj }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}): DjPage => ({ djs: found.map(({ item }) => item), ...rest });
