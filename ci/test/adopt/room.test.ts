import test from 'ava';
import { crash, type Given, names, proven, render, run } from '../deploy-scenario.ts';
import { asking, deployments, mebi, nodeWith, preview } from '../small-node.ts';

const found = await render(
  Object.fromEntries(names.map((name) => [name, `seed.example.com/${name}:latest`])),
);
/** What the founding document's sequence has left; with its own selectors where told. */
const live = (replaced: readonly string[]) =>
  JSON.stringify({
    ...{ apiVersion: 'v1', kind: 'List' },
    items: found.map((it) => {
      const selector = { matchLabels: { app: it.metadata.name } };
      const own = replaced.includes(it.metadata.name) ? { selector } : {};
      return {
        ...it,
        metadata: { ...it.metadata, uid: `${it.metadata.name}-seed` },
        spec: { ...Object(it.spec), ...own, replicas: 1 },
      };
    }),
  });
const sets = names
  .map((name) => {
    const labels = JSON.stringify({ app: name, 'pod-template-hash': 'seed' });
    return `${[`${name}-seed`, `${name}-seed`, '1', labels].join('\x1f')}\x1e`;
  })
  .join('');
/** Six pods that serve, each of which asks for 100 Mi. */
const pods = names
  .map((name) => {
    const resources = JSON.stringify({ requests: { memory: 100 * mebi } });
    return `${['whatsthecraic-staging', `${name}-seed-abcde`, 'n', 'Running', resources, ''].join('\x1f')}\x1e`;
  })
  .join('');

const adopting = (mebibytes: number, replaced = names, more: Partial<Given> = {}) =>
  run({
    nodes: nodeWith(mebibytes),
    dryRun: preview,
    answer: (args) => {
      const stdout = args.includes('--show-managed-fields')
        ? live(replaced)
        : args.includes('--all-namespaces')
          ? `${nodeWith(mebibytes)}\x1d${pods}`
          : args[1] === 'replicasets'
            ? sets
            : args[2] === 'takeover'
              ? ''
              : undefined;
      return stdout === undefined ? undefined : { exitCode: 0, stdout, stderr: '' };
    },
    request: { render: asking(100 * mebi), adopt: true },
    ...more,
  });
/** Whole Deployments, not those calls that only keep how many pods there are. */
const rolledIn = (applied: readonly string[]) =>
  deployments(applied.filter((it) => it.includes('"template"')));
const deletions = (calls: readonly (readonly string[])[]) =>
  calls.filter(([verb]) => verb === 'delete').map(([, what]) => what);

test('adopt – room for all new pods beside all that serve – one apply by force, then the ordinary one', async (t) => {
  const { result, applied } = await adopting(1_250);
  const release = await result;
  t.deepEqual([release.state, proven(release).length], ['verified', 6]);
  t.deepEqual(rolledIn(applied), [names, names]);
});

test('adopt – the pods that serve leave room for five – NO_ROOM, and nothing is touched', async (t) => {
  const { result, applied, target } = await adopting(1_150);
  const error = await t.throwsAsync(result, { code: 'NO_ROOM' });
  t.regex(error?.message ?? '', /no node has room for its new pod: it counts for 0m CPU and 100Mi/);
  t.regex(error?.message ?? '', /goes on until all new pods are proven: free as much on the node/);
  t.deepEqual(applied, []);
  t.false(deletions(target.calls).includes('deployment'));
});

test('adopt – what stays in its place has room for three at once – by force, but in waves', async (t) => {
  const { result, applied, said } = await adopting(910, []);
  t.is((await result).state, 'verified');
  t.deepEqual(rolledIn(applied), [
    ['aggregator', 'auth-service', 'events-service'],
    ['dj-service', 'venue-service', 'ml-service'],
    names,
  ]);
  t.true(said.includes('wave 1 of 2 beside what serves'));
});

test('adopt – one is replaced, the others stay – its pod counts beside the old, the others roll after', async (t) => {
  const { result, applied } = await adopting(910, ['aggregator']);
  t.is((await result).state, 'verified');
  const [first, second, last] = rolledIn(applied);
  t.true(first?.includes('aggregator'));
  t.deepEqual([first?.length, second?.length, last?.length], [3, 2, 1]);
});

test('adopt – a new pod fails in the first wave – no further one begins', async (t) => {
  const { result, applied } = await adopting(910, [], { newPods: { 'auth-service': crash } });
  await t.throwsAsync(result, { code: 'ADOPTION_FAILED', message: /auth-service: CRASHED/ });
  t.deepEqual(rolledIn(applied), [['aggregator', 'auth-service', 'events-service']]);
});
