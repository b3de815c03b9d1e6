import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { manifestFolder } from './helpers/rendered.ts';

interface Kustomization {
  readonly resources?: readonly string[];
  readonly patches?: readonly { readonly path: string }[];
  readonly configMapGenerator?: readonly { readonly envs?: readonly string[] }[];
}

const files = globSync('{*.yaml,node/*.yaml,{base,overlays}/**/*.{yaml,env}}', {
  cwd: manifestFolder,
});
const read = (file: string) => readFileSync(join(manifestFolder, file), 'utf8');

test('files – each manifest – is named by a kustomization, but for the template of the Secret', (t) => {
  const named = new Set<string>();
  for (const file of files.filter((each) => each.endsWith('kustomization.yaml'))) {
    const {
      resources = [],
      patches = [],
      configMapGenerator = [],
    } = parse(read(file)) as Kustomization;
    const paths = [
      ...resources,
      ...patches.map(({ path }) => path),
      ...configMapGenerator.flatMap(({ envs = [] }) => envs),
    ];
    named.add(file);
    for (const path of paths) named.add(normalize(join(dirname(file), path)));
  }
  t.deepEqual(
    files.filter((file) => !named.has(file)),
    ['secrets.yaml'],
  );
});

test('files – the Spotify cache – is explained where its service is configured', (t) => {
  const text = read('base/events-service/config.env').replaceAll('\n# ', ' ');
  t.regex(
    text,
    /rate limiting is now handled by in-memory cache in spotify client; no external Redis required, 24h TTL/,
  );
});

test('secret template – every value – is a placeholder', (t) => {
  const template = parse(read('secrets.yaml')) as { stringData: Record<string, string> };
  const { DB_USER, ...others } = template.stringData;
  t.is(DB_USER, 'admin');
  for (const [key, value] of Object.entries(others)) t.regex(value, /^<[a-z-]+>$/, key);
});
