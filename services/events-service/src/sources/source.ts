import type { SourceEvent } from '../canonical/source-event.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import type { SourceError } from './errors.ts';
import type { Ask } from './http.ts';
import type { RemoteSource } from './limits.ts';
import type { FindCity } from './place.ts';
import type { BadRow } from './rows.ts';

/** What a source is asked, and with what. */
export interface Asked {
  /** A city, or whatever else the source is asked by. */
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

/** What is known of what there may be to ask for. */
export interface Known {
  readonly cities: readonly string[];
  /** Who plays in our cities, as far as other sources tell. */
  readonly artists: readonly string[];
}

export interface Source {
  readonly name: RemoteSource;
  /** What it has to be asked for so that nothing is left out. */
  scopes(known: Known): readonly string[];
  /**
   * Whether a failure may be the scope's own, an artist's or an organisation's: the others are asked
   * all the same. Without it a failure is the source's.
   */
  isOwnFault?(error: SourceError): boolean;
  /** All of the window, page by page; a batch that was given counts even if a later one fails. */
  fetch(asked: Asked): AsyncIterable<Batch>;
}
