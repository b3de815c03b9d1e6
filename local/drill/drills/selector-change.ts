import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { takeSnapshot } from '../../../ci/src/rollout/snapshot.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

interface Selecting {
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly template: { readonly metadata: { readonly labels: Readonly<Record<string, string>> } };
}

const added = { tier: 'decks' };

export const drill: Drill = {
  what: 'a commit changes what dj-service is selected by, which no apply can',
  expected: { code: 'ADOPT_NEEDED', state: 'untouched', withinSeconds: 45 },
  run: async ({ deploy, target }) => {
    const before = await takeSnapshot(target);

    const end = await endOfRefused(() =>
      deploy({ objects: (all) => all.map((it) => (isDj(it) ? selectedBy(it) : it)) }),
    );

    assert.match(end.report ?? '', /Deployment dj-service selects its pods by/);
    assert.deepEqual((await takeSnapshot(target)).deployments, before.deployments);
    return end;
  },
};

const isDj = ({ kind, metadata }: KubernetesObject): boolean =>
  kind === 'Deployment' && metadata.name === 'dj-service';

function selectedBy(object: KubernetesObject): KubernetesObject {
  const spec = object.spec as Selecting;
  const { selector, template } = spec;
  return {
    ...object,
    spec: {
      ...spec,
      selector: { matchLabels: { ...selector.matchLabels, ...added } },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata.labels, ...added } },
      },
    },
  };
}
