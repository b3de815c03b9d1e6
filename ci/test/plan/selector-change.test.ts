import test from 'ava';
import { type KubernetesObject, objectKey } from '../../src/manifests/objects.ts';
import { selectorObstacles } from '../../src/plan/obstacles.ts';
import { selectorChanges } from '../../src/plan/selector-change.ts';

const deployment = (selector: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'shop' },
  spec: { selector },
});

const changes = (rendered: object, live?: object) => {
  const there = live ? [deployment(live)] : [];
  return selectorChanges([deployment(rendered)], {
    live: new Map(there.map((it) => [objectKey(it), it])),
  });
};

test('selector – the same, whatever its order, or nothing there yet – is no change', (t) => {
  t.deepEqual(
    changes({ matchLabels: { a: '1', b: '2' } }, { matchLabels: { b: '2', a: '1' } }),
    [],
  );
  t.deepEqual(changes({ matchLabels: { a: '1' } }), []);
});

test('selector – other labels, or expressions – is a change, told as kubectl takes it', (t) => {
  const [found] = changes({ matchLabels: { name: 'web' } }, { matchLabels: { b: '2', a: '1' } });
  t.deepEqual([found?.from, found?.to], ['a=1,b=2', 'name=web']);
  const expression = { key: 'a', operator: 'Exists' };
  t.is(changes({ matchLabels: { a: '1' } }, { matchExpressions: [expression] }).length, 1);
});

test('selector – changed – keeps a deploy from working unless it may adopt, and says so', (t) => {
  const found = changes({ matchLabels: { name: 'web' } }, { matchLabels: { app: 'web' } });
  const [obstacle] = selectorObstacles({ selectorChanges: found, adopt: false });
  t.is(obstacle?.code, 'SELECTOR_CHANGED');
  t.regex(obstacle?.message ?? '', /by app=web, the manifests by name=web: .*\n.*--adopt/);
  t.deepEqual(selectorObstacles({ selectorChanges: found, adopt: true }), []);
});
