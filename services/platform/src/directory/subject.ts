import type { NotFound } from '../errors.ts';

/** A kind of entry of the directory, and where its rows lie. */
export interface Subject {
  readonly kind: 'dj' | 'venue' | 'event';
  readonly table: 'djs' | 'venues' | 'local_events';
  notFound(id: number): NotFound;
}

/** `dj_genres`, `venue_windows`: the tables that belong to a kind, and their column that names it. */
export const tableOf = ({ kind }: Subject, what: 'genres' | 'contacts' | 'windows') =>
  `${kind}_${what}`;
export const idColumn = ({ kind }: Subject) => `${kind}_id`;
