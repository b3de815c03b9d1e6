import { type Choices, type EventFacts, fold } from './facts.ts';

/** What an event is made of. The order is that of the weights in a model file. */
export const TYPES = ['artist', 'genre', 'family', 'venue', 'city', 'day', 'price'] as const;
export type FeatureType = (typeof TYPES)[number];

export interface Feature {
  readonly type: FeatureType;
  readonly key: string;
}

const dublinDay = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'Europe/Dublin' });
const PRICE_BANDS = [
  [0, 'free'],
  [1_000, 'up to 10'],
  [2_000, 'up to 20'],
  [3_500, 'up to 35'],
  [6_000, 'up to 60'],
] as const;

/** The features of an event; those of a type share its weight, so that a long line-up is not louder. */
export function featuresOf(event: EventFacts): { feature: Feature; weight: number }[] {
  const of = (type: FeatureType, keys: readonly string[]) => {
    const unique = [...new Set(keys.map(fold))];
    const weight = 1 / Math.sqrt(unique.length);
    return unique.map((key) => ({ feature: { type, key }, weight }));
  };
  return [
    ...of('artist', event.artists),
    ...of('genre', event.genres),
    ...of('family', event.families),
    ...of('venue', event.venue === null ? [] : [event.venue]),
    ...of('city', [event.city]),
    ...of('day', [dublinDay.format(event.startsAt)]),
    ...of('price', event.price === null ? [] : [priceBand(event.price)]),
  ];
}

/** The features that somebody chose; a genre may also be the name of a family. */
export function chosenFeatures(choices: Choices): Feature[] {
  const of = (type: FeatureType, keys: readonly string[]) =>
    keys.map((key) => ({ type, key: fold(key) }));
  return [
    ...of('genre', choices.genres),
    ...of('family', choices.genres),
    ...of('city', choices.cities),
    ...of('artist', choices.artists),
    ...of('venue', choices.venues),
  ];
}

const priceBand = (cents: number) =>
  PRICE_BANDS.find(([most]) => cents <= most)?.[1] ?? 'more than 60';

/** Numbers for features, in the order in which they are met. */
export class Vocabulary {
  readonly #numbers = new Map<string, number>();
  readonly features: Feature[] = [];
  readonly types: number[] = [];

  static of(features: readonly Feature[]): Vocabulary {
    const vocabulary = new Vocabulary();
    for (const feature of features) vocabulary.add(feature);
    return vocabulary;
  }

  add(feature: Feature): number {
    const known = this.find(feature);
    if (known !== undefined) return known;
    const number = this.features.length;
    this.#numbers.set(`${feature.type}:${feature.key}`, number);
    this.features.push(feature);
    this.types.push(TYPES.indexOf(feature.type));
    return number;
  }

  find({ type, key }: Feature): number | undefined {
    return this.#numbers.get(`${type}:${key}`);
  }

  get size(): number {
    return this.features.length;
  }
}
