import test from 'ava';
import { findKubectl } from '../../../test/helpers/kubectl.ts';
import {
  missingSecretKeys,
  parseSecretKeys,
  type SecretState,
  secretsCall,
  secretUses,
} from '../../src/manifests/secrets.ts';
import { runProcess } from '../../src/process.ts';
import { folderOf } from './helpers/folder.ts';
import { deployment, fromSecret } from './helpers/objects.ts';
import { type StoredSecret, secretServer } from './helpers/secret-server.ts';

const needs = (...keys: string[]) => ({ env: keys.map((key) => fromSecret(key)) });

test('secretUses – single keys of several services – lists who needs each', (t) => {
  const [use, ...others] = secretUses([
    deployment('one', needs('HOST', 'KEY')),
    deployment('two', needs('HOST')),
    deployment('three'),
  ]);
  t.deepEqual(others, []);
  t.is(use?.name, 'site');
  t.true(use?.required);
  t.deepEqual(Object.fromEntries(use?.keys ?? []), { HOST: ['one', 'two'], KEY: ['one'] });
});

test('secretUses – one key under two names – counts its service once', (t) => {
  const env = [fromSecret('HOST'), { ...fromSecret('HOST'), name: 'SERVER' }];
  t.deepEqual(secretUses([deployment('one', { env })])[0]?.keys.get('HOST'), ['one']);
});

test('secretUses – an optional key – is no need, but its Secret is in use', (t) => {
  const [use] = secretUses([deployment('one', { env: [fromSecret('PORT', 'site', true)] })]);
  t.deepEqual(use, { name: 'site', keys: new Map(), required: false });
});

test('secretUses – a whole Secret, by envFrom or as a volume – is needed without its keys', (t) => {
  const uses = secretUses([
    deployment('one', { envFrom: [{ secretRef: { name: 'all' } }] }),
    deployment('two', {}, { volumes: [{ name: 'tls', secret: { secretName: 'tls' } }] }),
    deployment('three', { envFrom: [{ secretRef: { name: 'extra', optional: true } }] }),
  ]);
  t.deepEqual(
    uses.map(({ name, required, keys }) => [name, required, keys.size]),
    [
      ['all', true, 0],
      ['tls', true, 0],
      ['extra', false, 0],
    ],
  );
});

test('secretUses – init containers and CronJobs – count as well', (t) => {
  const init = { initContainers: [{ name: 'init', image: 'x', env: [fromSecret('A')] }] };
  const template = { spec: { containers: [{ name: 'job', image: 'x', env: [fromSecret('B')] }] } };
  const cronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: { jobTemplate: { spec: { template } } },
  };
  const [use] = secretUses([deployment('one', {}, init), cronJob]);
  t.deepEqual(Object.fromEntries(use?.keys ?? []), { A: ['one'], B: ['nightly'] });
});

const uses = secretUses([
  deployment('one', needs('HOST', 'KEY')),
  deployment('two', needs('HOST')),
]);
const present = (...keys: string[]): SecretState[] => [
  { name: 'site', resourceVersion: '7', keys },
];

test('missingSecretKeys – all there – is nothing', (t) => {
  t.deepEqual(missingSecretKeys(uses, present('HOST', 'KEY', 'MORE')), []);
});

test('missingSecretKeys – one key missing – is that key with its users', (t) => {
  t.deepEqual(missingSecretKeys(uses, present('KEY')), [
    { name: 'site', exists: true, keys: new Map([['HOST', ['one', 'two']]]) },
  ]);
});

test('missingSecretKeys – no Secret – is all keys', (t) => {
  const [missing] = missingSecretKeys(uses, []);
  t.false(missing?.exists);
  t.deepEqual([...(missing?.keys.keys() ?? [])], ['HOST', 'KEY']);
});

test('missingSecretKeys – a Secret needed as a whole – is missing only if it does not exist', (t) => {
  const whole = secretUses([deployment('one', { envFrom: [{ secretRef: { name: 'site' } }] })]);
  t.deepEqual(missingSecretKeys(whole, present()), []);
  t.deepEqual(missingSecretKeys(whole, []), [{ name: 'site', exists: false, keys: new Map() }]);
});

test('missingSecretKeys – an optional Secret – is never missing', (t) => {
  const optional = secretUses([deployment('one', { env: [fromSecret('A', 'site', true)] })]);
  t.deepEqual(missingSecretKeys(optional, []), []);
});

const value = Buffer.from('tell nobody').toString('base64');
const stored: readonly StoredSecret[] = [
  { name: 'site', resourceVersion: '123', data: { DB_HOST: value, 'tls.crt': value } },
  { name: 'empty', resourceVersion: '5' },
  { name: 'site-old', resourceVersion: '4', data: { OLD: value } },
];

test('secretsCall – Secrets with and without data – makes kubectl print their keys and no value', async (t) => {
  const printed = await ask(t, 'craic');
  t.deepEqual(parseSecretKeys(printed), [
    { name: 'site', resourceVersion: '123', keys: ['DB_HOST', 'tls.crt'] },
    { name: 'empty', resourceVersion: '5', keys: [] },
    { name: 'site-old', resourceVersion: '4', keys: ['OLD'] },
  ]);
  t.false(printed.includes(value));
  t.false(printed.includes('tell nobody'));
});

test('secretsCall – a namespace that does not exist – is no error', async (t) => {
  t.deepEqual(parseSecretKeys(await ask(t, 'elsewhere')), []);
});

test('parseSecretKeys – anything else – is refused without being repeated', (t) => {
  const error = t.throws(() => parseSecretKeys('{"data":"hunter2"}'), {
    message: /code: KUBECTL_FAILED/,
  });
  t.false(error?.message.includes('hunter2'));
});

async function ask(t: Parameters<typeof secretServer>[0], namespace: string): Promise<string> {
  const server = await secretServer(t, 'craic', stored);
  const home = await folderOf(t, {});
  const argv = [findKubectl(), '--server', server, '--namespace', namespace];
  const result = await runProcess([...argv, ...secretsCall.args], {
    env: { PATH: process.env.PATH, HOME: home },
    timeoutMs: 20_000,
  });
  t.is(result.exitCode, 0, result.stderr);
  return result.stdout;
}
