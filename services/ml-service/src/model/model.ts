import { TYPES, type Vocabulary } from './features.ts';

/** What training found; everything that scoring needs. */
export interface Model {
  readonly vocabulary: Vocabulary;
  readonly dimensions: number;
  /** What a feature is, in the space of tastes: one row each. */
  readonly item: Float32Array;
  /** What having gone to such events says of a person: one row each. */
  readonly taste: Float32Array;
  /** How much each feature pleases everybody. */
  readonly bias: Float32Array;
  /** By type: how much it counts that an event shares a feature with what a person liked … */
  readonly liked: Float32Array;
  /** … did not like … */
  readonly disliked: Float32Array;
  /** … or chose. */
  readonly chosen: Float32Array;
  /** Of popularity and of nearness. */
  readonly common: Float32Array;
}

/**
 * What is believed before anything is learned: that people like again what they liked, and mean what
 * they choose. Training starts here and is pulled back here, so few actions cannot turn it over.
 */
const BELIEFS = {
  artist: { liked: 2.5, disliked: 2, chosen: 1.5 },
  genre: { liked: 2, disliked: 2, chosen: 1.5 },
  family: { liked: 1, disliked: 0.8, chosen: 0.7 },
  venue: { liked: 1, disliked: 0.8, chosen: 1 },
  city: { liked: 2, disliked: 0.5, chosen: 2 },
  day: { liked: 0.3, disliked: 0.1, chosen: 0 },
  price: { liked: 0.3, disliked: 0.1, chosen: 0 },
} as const;
export const believed = (kind: 'liked' | 'disliked' | 'chosen') =>
  Float32Array.from(TYPES, (type) => BELIEFS[type][kind]);
export const COMMON_BELIEFS = Float32Array.from([0.6, 0.2]);

/** A model that has seen nothing: small seeded vectors and the beliefs. */
export function emptyModel(
  vocabulary: Vocabulary,
  dimensions: number,
  random: () => number,
): Model {
  const small = () =>
    Float32Array.from({ length: vocabulary.size * dimensions }, () => (random() - 0.5) * 0.2);
  return {
    vocabulary,
    dimensions,
    item: small(),
    taste: small(),
    bias: new Float32Array(vocabulary.size),
    liked: believed('liked'),
    disliked: believed('disliked'),
    chosen: believed('chosen'),
    common: COMMON_BELIEFS.slice(),
  };
}
