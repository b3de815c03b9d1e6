import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import type { Report } from '../contract/fields.ts';
import { Vocabulary } from '../model/features.ts';
import { emptyModel, type Model } from '../model/model.ts';
import { inService, servedBefore, versionOf } from '../store/versions.ts';
import { checksumOf, decodeModel, ModelUnreadable } from './model-file.ts';
import { type ModelStore, StoreUnavailable } from './model-store.ts';

/** What answers: a model that training has made, or popularity. */
export interface Serving {
  readonly version: string;
  readonly model: Model;
  readonly trainedAt: Date | null;
  readonly figures: Report | null;
}

/** Popularity and how soon: of whom or what is known, nothing counts. */
export const POPULARITY: Serving = {
  version: 'popularity',
  model: emptyModel(new Vocabulary(), 1, () => 0.5),
  trainedAt: null,
  figures: null,
};

export interface ModelKeeper {
  readonly serving: Serving;
  /** Why what serves is not what should; `undefined` if it is. */
  readonly trouble: string | undefined;
  /** Takes what the database says into service, at once and without a gap. */
  follow(): Promise<void>;
}

interface Attempt {
  readonly serving: Serving;
  readonly trouble: string | undefined;
}

export function createModelKeeper(database: Database, store: ModelStore, log: Log): ModelKeeper {
  let current: Attempt = { serving: POPULARITY, trouble: undefined };
  /** The row that `current` follows. A file in trouble is tried again each time: it may come back. */
  let followed: number | undefined;

  async function load(version: string): Promise<Serving> {
    const [file, row] = await Promise.all([store.get(version), versionOf(database, version)]);
    if (!file) throw new ModelUnreadable(`there is no file of it in ${store.place}`);
    if (row && checksumOf(file) !== row.sha256) {
      throw new ModelUnreadable('its file is not the one that training wrote');
    }
    const { model, facts } = decodeModel(file);
    const trainedAt = new Date(facts.trainedAt);
    return { version, model, trainedAt, figures: row?.figures ?? null };
  }

  /** The newest that can be read, and after all of them popularity, which needs no file. */
  async function firstReadable(versions: readonly string[]): Promise<Attempt> {
    let trouble: string | undefined;
    for (const version of versions) {
      try {
        return {
          serving: version === current.serving.version ? current.serving : await load(version),
          trouble,
        };
      } catch (error) {
        trouble ??= `model ${version}: ${(error as Error).message}`;
        log.error({ err: error, model: version }, 'model not loaded');
        // The others lie there too, and what is in memory is newer than they are.
        if (error instanceof StoreUnavailable) return { serving: current.serving, trouble };
      }
    }
    return { serving: POPULARITY, trouble };
  }

  async function follow(): Promise<void> {
    const wanted = await inService(database);
    const id = wanted?.id ?? 0;
    if (id === followed && !current.trouble) return;
    const before = wanted && wanted.version !== null ? await servedBefore(database, id) : [];
    const versions = wanted?.version
      ? [wanted.version, ...before.filter((it) => it !== wanted.version)]
      : [];
    const next = await firstReadable(versions);
    if (next.serving.version !== current.serving.version) {
      log.info(
        { model: next.serving.version, before: current.serving.version },
        'model in service',
      );
    }
    current = next;
    followed = id;
  }

  return {
    get serving() {
      return current.serving;
    },
    get trouble() {
      return current.trouble && `${current.trouble}; ${current.serving.version} answers meanwhile`;
    },
    follow,
  };
}
