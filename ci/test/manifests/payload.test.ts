import { randomBytes } from 'node:crypto';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { applyCall, packedSize } from '../../src/manifests/payload.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import { runProcess } from '../../src/process.ts';
import { remoteScript } from '../../src/target/remote-script.ts';
import { folderOf } from './helpers/folder.ts';
import { deployment } from './helpers/objects.ts';

const configMap = (text: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { text },
});

test('apply – a release – is one server-side call of our field manager', (t) => {
  const objects = [configMap('Dún Laoghaire'), deployment('one')];
  const call = applyCall(objects);
  t.deepEqual(call.args, [
    'apply',
    '--server-side',
    '--openapi-patch=false',
    '--field-manager=whatsthecraic',
    '--filename=-',
  ]);
  t.deepEqual(parseManifests(call.input ?? ''), objects);
});

test('apply – a dry run – asks the server and differs in nothing else', (t) => {
  const dry = applyCall([deployment('one')], { dryRun: true });
  const wet = applyCall([deployment('one')]);
  t.deepEqual(
    dry.args.filter((arg) => !wet.args.includes(arg)),
    ['--dry-run=server'],
  );
  t.is(dry.input, wet.input);
});

test('apply – as the script for a node – hands kubectl the very same text', async (t) => {
  const folder = await folderOf(t, { kubectl: '#!/bin/sh\necho "$@" >"$OUT.args"\ncat >"$OUT"\n' });
  await chmod(join(folder, 'kubectl'), 0o755);
  const out = join(folder, 'received');
  const call = applyCall([configMap("'quoted' $HOME `date` \\ \u0007 Dún Laoghaire\n")]);
  const script = remoteScript('id', [
    { argv: ['kubectl', ...call.args], input: call.input ?? '', timeoutSeconds: 10 },
  ]);
  const env = {
    PATH: `${folder}:${process.env.PATH}`,
    HOME: folder,
    OUT: out,
    KUBECONFIG: '/none',
  };
  const result = await runProcess(['sh', '-c', script], { env, timeoutMs: 20_000 });
  t.is(result.exitCode, 0, result.stderr);
  t.is(await readFile(out, 'utf8'), call.input ?? '');
  t.is((await readFile(`${out}.args`, 'utf8')).trim(), call.args.join(' '));
});

test('apply – manifests too large for a command – are refused with both sizes', (t) => {
  const big = configMap(randomBytes(40_000).toString('base64'));
  t.throws(() => applyCall([big]), {
    message: /take \d{5} bytes when packed; a command carries 49152\..*code: MANIFESTS_TOO_LARGE/s,
  });
});

test('apply – much text that packs well – is taken', (t) => {
  const call = applyCall([configMap('la la la '.repeat(50_000))]);
  t.true((call.input?.length ?? 0) > 400_000);
  t.true(packedSize(call.input ?? '') < 5_000);
});
