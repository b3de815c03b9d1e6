import type { SourceEvent } from '../canonical/source-event.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { Ask } from './http.ts';
import type { RemoteSource } from './limits.ts';
import type { FindCity } from './place.ts';
import type { BadRow } from './rows.ts';

/** What a source is asked, and with what. */
export interface Asked {
  /** A city, or `all` for a source that is not asked by city. */
  readonly scope: string;
  readonly window: TimeWindow;
  readonly ask: Ask;
  readonly findCity: FindCity;
}

export interface Batch {
  readonly events: readonly SourceEvent[];
  readonly bad: readonly BadRow[];
  /** Good rows of places that are not ours. */
  readonly elsewhere: number;
}

export interface Source {
  readonly name: RemoteSource;
  /** What it has to be asked for so that nothing is left out. */
  scopes(cities: readonly string[]): readonly string[];
  /** All of the window, page by page; a batch that was given counts even if a later one fails. */
  fetch(asked: Asked): AsyncIterable<Batch>;
}
