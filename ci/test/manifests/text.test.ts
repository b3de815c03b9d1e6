import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { findKubectl } from '../../../test/helpers/kubectl.ts';
import { parseManifests, printManifests } from '../../src/manifests/text.ts';
import { runProcess } from '../../src/process.ts';
import { folderOf } from './helpers/folder.ts';

const kubectl = findKubectl();

const configMap = (data: Readonly<Record<string, string>>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data,
});

/** Bare, each of these is something else than a string to YAML 1.1, to 1.2 or to Go's reader. */
// biome-ignore format: one line for what belongs together
const traps = [
  'yes', 'No', 'on', 'OFF', 'y', 'n', 'true', 'null', '~', '', '  ',
  '0', '0123', '0o17', '0x1F', '0X1F', '0b1', '0B1', '1_000', '1e3', 'e0', '.5', '.inf', '12:30:45',
  '2026-11-23', '2026-11-23T07:00:00Z', '=', '<<', '- a', 'a: b', '# a', 'a #b', '"', "'", '{}', '[]',
  '*alias', '&anchor', '!tag', '%x', '@x', '`x`', '|', '>', 'two\nlines', 'two\nlines\n', '\ttab',
  'Dún Laoghaire', '🎻', '\u0085', '\u2028', '---', '...', '\\', '\u0007',
];

test('text – strings that YAML may take for something else – are the same to kubectl', async (t) => {
  const data = Object.fromEntries(traps.map((trap, index) => [`trap-${index}`, trap]));
  t.deepEqual(await readByKubectl([configMap(data)]), [data]);
});

test('text – keys that YAML may take for something else – are the same to kubectl', async (t) => {
  const data = Object.fromEntries(['on', 'y', '0x1F', '1', 'e0', 'null'].map((key) => [key, key]));
  t.deepEqual(await readByKubectl([configMap(data)]), [data]);
});

test('text – any strings – are the same to kubectl', async (t) => {
  const strings = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(strings, async (values) => {
      const data = Object.fromEntries(values.map((value, index) => [`key-${index}`, value]));
      t.deepEqual(await readByKubectl([configMap(data)]), [data]);
    }),
    { numRuns: 15 },
  );
});

test('text – objects that were printed – are read back in their order', async (t) => {
  const objects = [configMap({ a: '1' }), { ...configMap({ b: '2' }), kind: 'Other' }];
  t.deepEqual(parseManifests(printManifests(objects)), objects);
  t.deepEqual(await readByKubectl([configMap({ a: '1' }), configMap({ b: '2' })]), [
    { a: '1' },
    { b: '2' },
  ]);
});

test('text – what kustomize writes of such strings – is read as it was meant', async (t) => {
  // Two of them kustomize itself changes: YAML 1.1 counts them as line breaks.
  const kept = traps.filter((trap) => !['\u0085', '\u2028'].includes(trap));
  const data = Object.fromEntries(kept.map((trap, index) => [`trap-${index}`, trap]));
  const folder = await folderOf(t, { 'kustomization.yaml': 'resources: [objects.json]\n' });
  await writeFile(join(folder, 'objects.json'), JSON.stringify(configMap(data)));
  const result = await runProcess([kubectl, 'kustomize', folder], { timeoutMs: 20_000 });
  t.is(result.exitCode, 0, result.stderr);
  t.deepEqual(parseManifests(result.stdout)[0]?.data, data);
});

test('text – numbers and truth values of kustomize – stay what they are', (t) => {
  const [object] = parseManifests(
    'apiVersion: v1\nkind: A\nmetadata: {name: a}\nspec: {port: 80, share: 0.5, on: true, off: null}\n',
  );
  t.deepEqual(object?.spec, { port: 80, share: 0.5, on: true, off: null });
});

test('text – empty documents and comments – are no objects', (t) => {
  t.deepEqual(parseManifests(''), []);
  t.deepEqual(parseManifests('# nothing\n---\n---\n# here\n'), []);
  t.deepEqual(parseManifests(printManifests([])), []);
});

for (const [what, text] of [
  ['broken YAML', 'kind: [\n'],
  ['a doubled key', 'kind: A\nkind: B\n'],
] as const) {
  test(`text – ${what} – is refused`, (t) => {
    t.throws(() => parseManifests(text), { message: /no valid YAML.*code: MANIFESTS_INVALID/s });
  });
}

for (const text of ['just a string\n', '- 1\n', 'kind: Service\n', 'kind: List\nitems: [1]\n']) {
  test(`text – ${JSON.stringify(text)} – is refused, since it is no object`, (t) => {
    t.throws(() => parseManifests(text), { message: /Object 1 of the manifests is no Kubernetes/ });
  });
}

/** The data of ConfigMaps as kubectl reads them from its standard input; `--local` asks no cluster. */
async function readByKubectl(
  objects: Parameters<typeof printManifests>[0],
): Promise<readonly unknown[]> {
  const argv = [kubectl, 'annotate', '--local', '--output=json', '--filename=-', 'seen=yes'];
  const result = await runProcess(argv, { input: printManifests(objects), timeoutMs: 20_000 });
  if (result.exitCode !== 0) throw new Error(result.stderr);
  return parseStream(result.stdout).map((object) => object.data);
}

/** kubectl prints one object after another, each from a `{` to a `}` at the beginning of a line. */
const parseStream = (text: string): readonly { readonly data?: unknown }[] =>
  text
    .split(/(?<=^\})\n/m)
    .filter((part) => part.trim() !== '')
    .map((part) => JSON.parse(part));
