import type { Database, Queries } from '@whatsthecraic/platform/database';
import { findMatches, type MatchPage } from '@whatsthecraic/platform/directory/matches';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn } from '@whatsthecraic/platform/page';
import { byName, type VenueSearch, venueLists } from './venue-list.ts';
import { type Venue, venueColumns, venueRow, versionedVenue } from './venue-row.ts';
import { type VenueWish, type VenueWishes, venueWishes } from './venue-wishes.ts';

interface VenuePage {
  readonly venues: Venue[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

interface VenueMatchSearch extends VenueWishes {
  readonly genres?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface VenueStore {
  search(search: VenueSearch): Promise<VenuePage>;
  findAll(ids: readonly number[]): Promise<Venue[]>;
  /** What meets all wishes, then what meets all but one. */
  match(search: VenueMatchSearch): Promise<MatchPage<Venue, VenueWish>>;
}

export function createVenueStore(database: Database): VenueStore {
  const findAll = (ids: readonly number[]) =>
    database.search(
      `SELECT ${venueColumns} FROM venues v WHERE ${idsIn('v.id', ids)}`,
      ids,
      venueRow,
    );
  return {
    findAll,
    async match({ genres, limit, cursor, ...wanted }) {
      const genreIds = genres && (await findGenreIds(database, genres));
      const wishes = venueWishes(wanted, genreIds);
      return findMatches(database, { list: byName, wishes, limit, cursor }, findAll);
    },
    async search(search) {
      const genreIds = search.genres && (await findGenreIds(database, search.genres));
      const { found, ...rest } =
        genreIds?.length === 0
          ? emptyPage
          : await findPage(database, venueLists(search, genreIds), findAll);
      const venues = found.map(({ item, key }) =>
        search.near ? { ...item, distanceKm: Number(key) / 1000 } : item,
      );
      return { venues, ...rest };
    },
  };
}

/** One venue with its version, also inside of a transaction. */
export async function findVenue(queries: Queries, id: number) {
  const sql = `SELECT ${venueColumns} FROM venues v WHERE v.id = ?`;
  const [found] = await queries.query(sql, [id], versionedVenue);
  return found;
}
