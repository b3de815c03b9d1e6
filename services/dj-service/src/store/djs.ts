import type { Database, Queries } from '@whatsthecraic/platform/database';
import { findMatches, type MatchPage } from '@whatsthecraic/platform/directory/matches';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn } from '@whatsthecraic/platform/page';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { mentionsOf, type Named, possibleNames } from '../domain/mentions.ts';
import { byName, type DjSearch, djList } from './dj-list.ts';
import { type Dj, djColumns, djRow, versionedDj } from './dj-row.ts';
import { type DjWish, type DjWishes, djWishes } from './dj-wishes.ts';
import type { RateStore } from './rates.ts';

interface DjPage {
  readonly djs: Dj[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

interface DjMatchSearch extends DjWishes {
  readonly genres?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface DjStore {
  search(search: DjSearch): Promise<DjPage>;
  findAll(ids: readonly number[]): Promise<Dj[]>;
  /** Who meets all wishes, then who meets all but one. */
  match(search: DjMatchSearch): Promise<MatchPage<Dj, DjWish>>;
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
  async function findAll(ids: readonly number[]): Promise<Dj[]> {
    const row = djRow(await rates.current(), now());
    return database.search(`SELECT ${djColumns} FROM djs d WHERE ${idsIn('d.id', ids)}`, ids, row);
  }

  return {
    findAll,
    async search(search) {
      const names = search.genre === undefined ? search.genres : [search.genre];
      const genreIds = names && (await findGenreIds(database, names));
      if (genreIds?.length === 0) return { ...toDjs(emptyPage) };
      const list = djList(search, genreIds, await rates.current());
      return toDjs(await findPage(database, list, findAll));
    },
    async match({ genres, limit, cursor, ...wanted }) {
      const genreIds = genres && (await findGenreIds(database, genres));
      const wishes = djWishes(wanted, genreIds, await rates.current());
      return findMatches(database, { list: byName, wishes, limit, cursor }, findAll);
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
