import type { Dataset } from './dataset.ts';
import { LiveEvents } from './live.ts';
import { emptyModel, type Model } from './model.ts';
import { seeded } from './random.ts';
import { Trainer } from './trainer.ts';

export interface TrainOptions {
  readonly seed?: number;
  readonly dimensions?: number;
  readonly epochs?: number;
  readonly rate?: number;
}

/** Learns a model from a dataset; the same one gives the same model for the same seed. */
export function train(data: Dataset, options: TrainOptions = {}): Model {
  const passes = trainingOf(data, options);
  for (;;) {
    const { done, value } = passes.next();
    if (done) return value;
  }
}

/** The same in passes, for whoever has to look at something else between them. */
export function* trainingOf(data: Dataset, options: TrainOptions = {}): Generator<number, Model> {
  const { seed = 1, dimensions = 16, rate = 0.05 } = options;
  const { epochs = passesFor(data.at.length) } = options;
  const random = seeded(seed);
  const model = emptyModel(data.vocabulary, dimensions, random);
  const trainer = new Trainer(data, model, new LiveEvents(data.events), random);
  const order = Int32Array.from(data.people, (_, p) => p);
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    trainer.beginEpoch(rate * (1 - (0.9 * epoch) / epochs));
    for (const person of order) trainer.learn(person);
    yield epoch + 1;
  }
  return model;
}

/** Features are met in every pass the more often the more actions there are, so that fewer will do. */
const passesFor = (actions: number) =>
  Math.max(3, Math.min(12, Math.round(3_000_000 / Math.max(1, actions))));

function shuffle(list: Int32Array, random: () => number): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [list[i], list[j]] = [list[j] as number, list[i] as number];
  }
}
