import test from 'ava';
import { earlierRecord } from '../release/earlier.ts';
import { callMany, removeModule } from './helpers/dispatch.ts';
import { file, secret } from './helpers/engine-value.ts';
import { fakeCluster } from './helpers/fake-cluster.ts';
import { fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const id = '20261122t090000z-fedcba9';

test.serial('status, report – of a kubeconfig’s cluster – text or JSON, and files', async (t) => {
  const cluster = await fakeCluster(t);
  await cluster.runs('src-0011');
  await cluster.remembers(await earlierRecord({ id }));
  const engine = await fakeEngine(t, undefined, { program: cluster.kubectl });
  const args = {
    kubeconfig: engine.idOf(secret('the-kubeconfig-of-this-test')),
    kubectl: engine.idOf(file),
  };
  const { outcomes, printed } = await callMany(t, engine, [
    { name: 'status', args },
    { name: 'status', args: { ...args, format: 'json' } },
    { name: 'report', args },
    { name: 'report', args: { ...args, release: 'x' } },
  ]);
  const [text, json, files, unknown] = outcomes;
  t.regex(String(text?.returned), /^Status of production on the cluster/, text?.thrown);
  t.regex(String(text?.returned), /\nAll is well: 6 services, 6 pods/);
  const { verdict, serving } = JSON.parse(String(json?.returned));
  t.deepEqual([verdict, serving.release], ['well', id]);
  const steps = engine.object(files?.returned);
  t.deepEqual(
    steps.map(({ field, args: { path } }) => [field, path].filter(Boolean).join(' ')),
    [
      'directory',
      ...['report.json', 'report.schema.json', 'junit.xml', 'summary.md', 'report.html'].map(
        (name) => `withNewFile ${name}`,
      ),
    ],
  );
  t.is(JSON.parse(String(steps[1]?.args.contents)).release, id);
  t.regex(
    unknown?.thrown ?? '',
    /No release "x" is recorded\.\nChoose one of:\n {2}2026.*code: RELEASE_UNKNOWN$/s,
  );
  t.notRegex(`${JSON.stringify(outcomes)}${printed}`, /of-this-test/);
});
