import test from 'ava';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { packedSize } from '../../src/manifests/payload.ts';
import { printManifests } from '../../src/manifests/text.ts';
import { parseRecord, parseRecordedManifests, recordObjects } from '../../src/release/record.ts';
import { expiredRecords } from '../../src/release/records.ts';
import { earlierRelease } from './earlier.ts';

const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'aggregator' } };
const data = (object: KubernetesObject) => object.data as Record<string, string>;

test('record – written and read – says the same', (t) => {
  const record = earlierRelease();
  const [manifests, summary] = recordObjects(record, [deployment]).map((it) => [
    it.metadata.name,
    data(it),
  ]) as [string, Record<string, string>][];
  t.is(summary?.[0], 'release-20261122t090000z-fedcba9');
  const read = parseRecord(summary?.[1]['release.json'] ?? '');
  t.deepEqual(read, { ...record, inventory: ['apps/v1 Deployment aggregator'] });
  t.is(manifests?.[0], 'release-20261122t090000z-fedcba9-manifests');
  const applied = manifests?.[1]['manifests.json'] ?? '';
  t.deepEqual(parseRecordedManifests(record.release.id, applied), [deployment]);
});

test('record – a service’s log – stays out, Kubernetes’ warnings stay in', (t) => {
  const { release, standing } = earlierRelease({ state: 'failed' });
  const evidence = {
    ...{ service: 'dj-service', pod: 'dj-service-1' },
    ...{ log: ['password=hunter2'], warnings: ['BackOff Pod/dj-service-1'] },
  };
  const services = release.services.map((it) => ({ ...it, evidence }));
  const text = JSON.stringify(recordObjects({ release: { ...release, services }, standing }, []));
  t.false(text.includes('hunter2'));
  t.true(text.includes('BackOff Pod/dj-service-1'));
});

for (const [what, text] of [
  ['nothing', ''],
  ['no JSON', 'release: 1'],
  ['JSON of something else', '[1]'],
  ['null', 'null'],
  ['a version to come', '{"version":2,"release":{"id":"x"},"standing":{}}'],
  ['no standing', '{"version":1,"release":{"id":"x"}}'],
] as const) {
  test(`record – ${what} – is none`, (t) => {
    t.is(parseRecord(text), undefined);
  });
}

test('record – no manifests – a clear error with what to look at', (t) => {
  t.throws(() => parseRecordedManifests('x', ''), {
    message:
      /release x holds no manifests.*\n.*kubectl get configmaps release-x release-x-manifests/,
  });
});

test('expired records – more than ten – the oldest go, but never the one to go back to', (t) => {
  const ids = Array.from({ length: 14 }, (_, index) => `2026112${index < 9 ? 1 : 2}t0${index}`);
  const records = ids
    .toSorted()
    .map((id, index) => earlierRelease({ id, state: index === 1 ? 'verified' : 'failed' }));
  const [first, , third, fourth] = records.map((it) => it.release.id);
  t.deepEqual(
    [...expiredRecords(records, 'production')].toSorted(),
    [first, third, fourth].toSorted(),
  );
  t.deepEqual(expiredRecords(records.slice(0, 10), 'production'), []);
});

test('a record beside what it speaks of – takes little more room in a command', (t) => {
  const objects = Array.from({ length: 30 }, (_, index) => ({
    ...deployment,
    metadata: { name: `object-${index}` },
  }));
  const alone = packedSize(printManifests(objects));
  const both = packedSize(
    printManifests([...recordObjects(earlierRelease(), objects), ...objects]),
  );
  t.true(both < alone + 4_096);
});
