import test from 'ava';
import { callMany, removeModule } from './helpers/dispatch.ts';
import { file, secret } from './helpers/engine-value.ts';
import { fakeCluster } from './helpers/fake-cluster.ts';
import { fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

test.serial('diagnose, logs – of a kubeconfig’s cluster – text or JSON', async (t) => {
  const cluster = await fakeCluster(t);
  await cluster.runs('src-0011');
  const engine = await fakeEngine(t, undefined, { program: cluster.kubectl });
  const args = {
    kubeconfig: engine.idOf(secret('the-kubeconfig-of-this-test')),
    kubectl: engine.idOf(file),
  };
  const { outcomes, printed } = await callMany(t, engine, [
    { name: 'diagnose', args },
    { name: 'diagnose', args: { ...args, service: ['dj-service'], format: 'json' } },
    { name: 'logs', args: { ...args, service: ['dj-service'] } },
    { name: 'logs', args: { ...args, tail: 0 } },
    { name: 'diagnose', args: { ...args, service: ['bandcamp'] } },
  ]);
  const [text, json, logs, wrongTail, wrongName] = outcomes;
  t.regex(String(text?.returned), /^Nothing is wrong with production on the cluster/, text?.thrown);
  const { well, services } = JSON.parse(String(json?.returned));
  t.deepEqual([well, services.length, services[0].code], [true, 1, 'HEALTHY']);
  t.regex(String(logs?.returned), /^--- dj-service/, logs?.thrown);
  t.regex(wrongTail?.thrown ?? '', /--tail "0" is not possible.*code: ARGUMENT_INVALID$/s);
  t.regex(wrongName?.thrown ?? '', /no service "bandcamp".*code: SERVICE_UNKNOWN$/s);
  t.notRegex(`${JSON.stringify(outcomes)}${printed}`, /of-this-test/);
});
