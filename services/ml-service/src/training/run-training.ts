import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import { type Dataset, datasetOf } from '../model/dataset.ts';
import type { Model } from '../model/model.ts';
import { trainingOf } from '../model/train.ts';
import { checksumOf, decodeModel, encodeModel } from '../models/model-file.ts';
import type { ModelStore } from '../models/model-store.ts';
import { endRequests } from '../store/training-requests.ts';
import {
  inService,
  keepVersion,
  latestVersions,
  putIntoService,
  servedBefore,
} from '../store/versions.ts';
import { compare, HELD_OUT_MS } from './compare.ts';
import { type Decision, decide } from './decide.ts';
import { readHistory } from './read-history.ts';

export interface TrainingOptions {
  readonly database: Database;
  readonly store: ModelStore;
  readonly log: Log;
  readonly commit: string | null;
  readonly now: () => Date;
  /** Asked between two steps; throws when the training must end. */
  readonly mayGoOn?: () => Promise<void>;
}

export interface Trained extends Decision {
  readonly version: string;
}

/** Files of this many models are kept, besides the one that serves. */
const KEPT = 5;

/**
 * Trains a model and puts it into service unless it is worse. Nothing that serves changes before the
 * last statement, one transaction; until then all that an end at any moment leaves is a file that no row
 * names.
 */
export async function runTraining(options: TrainingOptions): Promise<Trained> {
  const { database, store, log, commit, now, mayGoOn = async () => {} } = options;
  const trainedAt = now();
  const end = trainedAt.getTime();
  const history = await readHistory(database);
  log.info({ events: history.events.length, actions: history.actions.length }, 'history read');

  const learn = async (data: Dataset): Promise<Model> => {
    const passes = trainingOf(data);
    for (;;) {
      await nextTurn();
      await mayGoOn();
      const { done, value } = passes.next();
      if (done) return value;
    }
  };

  // A model that has seen the weeks held out cannot be judged by them, and one that has not knows
  // nothing of them: so there are two, and the twin is what the next training compares itself with.
  const known = datasetOf(history, end - HELD_OUT_MS);
  const twin = await learn(known);
  const rival = await twinInService(options);
  const figures = compare(history, known, end, twin, rival);
  const decision = decide(figures);
  log.info({ ...decision }, 'twin compared');
  const all = datasetOf(history, end);
  const model = await learn(all);

  const stamp = trainedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const version = `${stamp}-${randomBytes(4).toString('hex')}`;
  const dataFrom = new Date(all.at.reduce((first, at) => Math.min(first, at), end));
  const facts = {
    ...{ version, commit, trainedAt: trainedAt.toISOString() },
    ...{ dataFrom: dataFrom.toISOString(), dataTo: trainedAt.toISOString() },
  };
  const file = encodeModel(model, facts);
  await mayGoOn();
  const names = [`${version}.twin`, version];
  try {
    await store.put(`${version}.twin`, encodeModel(twin, facts));
    await store.put(version, file);
  } catch (error) {
    // A full disk would else get fuller with each try.
    for (const name of names) await store.remove(name).catch(() => {});
    throw error;
  }
  await database.transaction(async (queries) => {
    await keepVersion(queries, {
      ...{ version, commit, dataFrom, dataTo: trainedAt, trainedAt, figures, ...decision },
      ...{ sha256: checksumOf(file), bytes: file.length },
      ...{ actions: all.at.length, people: all.people.length, events: all.events.length },
    });
    if (decision.accepted) await putIntoService(queries, version, null, now());
    await endRequests(queries, `${version}: ${decision.reason}`, trainedAt);
  });
  log.info({ model: version, ...decision }, 'model trained');
  await removeOld(options);
  return { version, ...decision };
}

async function twinInService({
  database,
  store,
  log,
}: TrainingOptions): Promise<Model | undefined> {
  const serving = await inService(database);
  if (!serving?.version) return undefined;
  try {
    const file = await store.get(`${serving.version}.twin`);
    return file && decodeModel(file).model;
  } catch (error) {
    log.warn({ err: error, model: serving.version }, 'model in service not compared with');
    return undefined;
  }
}

/** The way back needs the last few; their rows stay for ever. */
async function removeOld({ database, store, log }: TrainingOptions): Promise<void> {
  const serving = await inService(database);
  const before = serving ? await servedBefore(database, serving.id) : [];
  const needed = new Set([serving?.version, ...before.slice(0, KEPT)]);
  for (const { version } of (await latestVersions(database, 100)).slice(1)) {
    if (needed.has(version)) continue;
    await store.remove(version).catch((err) => log.warn({ err, model: version }, 'not removed'));
    await store.remove(`${version}.twin`).catch(() => {});
  }
}
