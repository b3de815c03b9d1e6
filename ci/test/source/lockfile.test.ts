import test from 'ava';
import { parseLockfile, reachablePackages } from '../../src/source/lockfile.ts';

const entries = {
  '': { devDependencies: { tool: '1' } },
  'services/a': { dependencies: { x: '1', '@w/b': '0' }, devDependencies: { tool: '1' } },
  'services/b': { dependencies: { y: '1' } },
  'services/c': { dependencies: { only: '1' } },
  'node_modules/@w/b': { resolved: 'services/b', link: true },
  'node_modules/x': {
    version: '1.0.0',
    dependencies: { y: '2', here: '1', absent: '1' },
    optionalDependencies: { here: '1', absent: '1' },
    peerDependencies: { peer: '1', 'optional-peer': '1' },
    peerDependenciesMeta: { 'optional-peer': { optional: true } },
  },
  'node_modules/x/node_modules/y': { version: '2.0.0', dependencies: { deep: '1' } },
  'node_modules/y': { version: '1.0.0' },
  'node_modules/deep': { version: '1.0.0', dependencies: { x: '1' } },
  'node_modules/here': { version: '1.0.0' },
  'node_modules/peer': { version: '1.0.0' },
  'node_modules/optional-peer': { version: '1.0.0' },
  'node_modules/only': { version: '1.0.0' },
  'node_modules/tool': { version: '1.0.0' },
};

const places = (workspace: string, tools: readonly string[] = []) =>
  reachablePackages(entries, workspace, tools).map(([place]) => place);

test('lockfile – nested, optional, peer, linked and circular – what Node finds is reached', (t) => {
  t.deepEqual(places('services/a'), [
    'node_modules/@w/b',
    'node_modules/deep',
    'node_modules/here',
    'node_modules/peer',
    'node_modules/x',
    'node_modules/x/node_modules/y',
    'node_modules/y',
    'services/a',
    'services/b',
  ]);
});

test('lockfile – a named tool – is reached as well', (t) => {
  const expected = ['node_modules/only', 'node_modules/tool', 'services/c'];
  t.deepEqual(places('services/c', ['tool']), expected);
});

test('lockfile – marks that only the rest of the graph decides – change nothing', (t) => {
  const marked = { ...entries, 'node_modules/only': { version: '1.0.0', dev: true, peer: true } };
  t.deepEqual(reachablePackages(marked, 'services/c'), reachablePackages(entries, 'services/c'));
});

test('lockfile – a dependency without an entry – is named with its cure', (t) => {
  const { 'node_modules/only': _, ...stale } = entries;
  t.throws(() => reachablePackages(stale, 'services/c'), {
    code: 'LOCKFILE_INVALID',
    message: /only, which services\/c needs.*npm install/,
  });
});

test('lockfile – of an old version – is refused', (t) => {
  t.throws(() => parseLockfile('{"lockfileVersion":1}'), { code: 'LOCKFILE_INVALID' });
});
