import { services } from '../services.ts';
import { judge } from './judge.ts';
import type { Snapshot } from './kubernetes.ts';

/** Services that were not well before a release, each with a sentence: that is no fault of the new one. */
export const illBefore = (before: Snapshot): readonly string[] =>
  services
    .filter(({ name }) => before.deployments.some((it) => it.name === name))
    .map(({ name }) => judge(name, before))
    .filter(({ state }) => state === 'failed' || state === 'suspect')
    .map(
      ({ service, code, message }) =>
        `${service} was not well before this release: ${code}: ${message}`,
    );
