import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type FeatureType, TYPES, Vocabulary } from '../model/features.ts';
import type { Model } from '../model/model.ts';

/** A model's file that is not whole: cut off, changed on the disk, or of another form. */
export class ModelUnreadable extends Error {
  override readonly name = 'ModelUnreadable';
  readonly code = 'MODEL_UNREADABLE';
}

/** What a model's file tells of itself. */
export interface ModelFacts {
  readonly version: string;
  readonly commit: string | null;
  readonly trainedAt: string;
  readonly dataFrom: string;
  readonly dataTo: string;
}

const MAGIC = 'WTCMODEL1\n';
const HASH_BYTES = 32;
const ARRAYS = ['item', 'taste', 'bias', 'liked', 'disliked', 'chosen', 'common'] as const;

const header = z.object({
  facts: z.object({
    version: z.string(),
    commit: z.string().nullable(),
    trainedAt: z.string(),
    dataFrom: z.string(),
    dataTo: z.string(),
  }),
  dimensions: z.int().positive(),
  features: z.array(z.tuple([z.enum(TYPES as unknown as [FeatureType]), z.string()])),
  lengths: z.array(z.int().min(0)).length(ARRAYS.length),
});

/** One file: what it is as a line of JSON, the numbers, and a SHA-256 over all before it. */
export function encodeModel(model: Model, facts: ModelFacts): Buffer {
  const text = JSON.stringify({
    facts,
    dimensions: model.dimensions,
    features: model.vocabulary.features.map(({ type, key }) => [type, key]),
    lengths: ARRAYS.map((name) => model[name].length),
  } satisfies z.input<typeof header>);
  // Ends on a multiple of four, where numbers can be read in place.
  const length = Buffer.byteLength(MAGIC + text) + 1;
  const padding = ' '.repeat((4 - (length % 4)) % 4);
  const parts = [
    Buffer.from(`${MAGIC}${text}${padding}\n`),
    ...ARRAYS.map((name) => {
      const { buffer, byteOffset, byteLength } = model[name];
      return Buffer.from(buffer, byteOffset, byteLength);
    }),
  ];
  const body = Buffer.concat(parts);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

/** Throws `ModelUnreadable` unless every byte is as it was written. */
export function decodeModel(file: Uint8Array): { model: Model; facts: ModelFacts } {
  const bytes = Buffer.from(file);
  const body = bytes.subarray(0, Math.max(0, bytes.length - HASH_BYTES));
  const hash = createHash('sha256').update(body).digest();
  if (!hash.equals(bytes.subarray(body.length))) {
    throw new ModelUnreadable('the checksum does not fit: the file is cut off or has changed');
  }
  if (body.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new ModelUnreadable('not a model of this form; another release made it');
  }
  const end = body.indexOf('\n', MAGIC.length);
  const parsed = header.safeParse(JSON.parse(body.toString('utf8', MAGIC.length, end)));
  if (!parsed.success) throw new ModelUnreadable('its header is of another form');
  const { facts, dimensions, features, lengths } = parsed.data;
  const vocabulary = Vocabulary.of(features.map(([type, key]) => ({ type, key })));
  let offset = end + 1;
  const arrays = lengths.map((length) => {
    const part = body.subarray(offset, offset + length * 4);
    offset += length * 4;
    return new Float32Array(new Uint8Array(part).buffer);
  });
  const [item, taste, bias, liked, disliked, chosen, common] = arrays;
  const rows = vocabulary.size;
  if (!item || !taste || !bias || !liked || !disliked || !chosen || !common) {
    throw new ModelUnreadable('numbers are missing');
  }
  if (offset !== body.length || item.length !== rows * dimensions || bias.length !== rows) {
    throw new ModelUnreadable('its numbers do not fit its header');
  }
  if (liked.length !== TYPES.length || arrays.some((it) => it.some((x) => !Number.isFinite(x)))) {
    throw new ModelUnreadable('its numbers make no sense');
  }
  const model = { vocabulary, dimensions, item, taste, bias, liked, disliked, chosen, common };
  return { model, facts };
}

export const checksumOf = (file: Uint8Array) => createHash('sha256').update(file).digest('hex');
