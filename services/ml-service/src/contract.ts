import type { Contract } from '@whatsthecraic/platform/route';
import { experiments } from './contract/experiments.ts';
import { models } from './contract/models.ts';
import { popular } from './contract/popular.ts';
import { recommendations } from './contract/recommendations.ts';

export const contract = {
  ...popular,
  ...recommendations,
  ...models,
  ...experiments,
} as const satisfies Contract;
