import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ciFolder } from './helpers/sdk.ts';

interface Stage {
  readonly from: string;
  readonly instructions: readonly string[];
}

/** The stages of `services/Dockerfile`, with continued lines joined. */
async function stages(): Promise<{ text: string; stages: readonly Stage[] }> {
  const text = await readFile(join(ciFolder, '..', 'services', 'Dockerfile'), 'utf8');
  const lines = text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line));
  const found: { from: string; instructions: string[] }[] = [];
  for (const line of lines) {
    if (line.startsWith('FROM ')) found.push({ from: line, instructions: [] });
    else found.at(-1)?.instructions.push(line);
  }
  return { text, stages: found };
}

// The engine hands in no BUILDPLATFORM; EngineBuilder does, as build.test.ts proves.
test('Dockerfile – stages that run programs – run on the platform that builds', async (t) => {
  const all = await stages();
  const byName = new Map(all.stages.map((it) => [/ AS (\S+)$/.exec(it.from)?.[1], it]));
  const base = ({ from }: Stage): string => {
    const name = /^FROM (?:--platform=\S+ )?(\S+)/.exec(from)?.[1] ?? '';
    const parent = byName.get(name);
    return parent ? base(parent) : from;
  };
  const running = all.stages.filter((it) => it.instructions.some((line) => line.startsWith('RUN')));
  t.true(running.length > 0);
  for (const stage of running) {
    t.regex(base(stage), /^FROM --platform=\$\{?BUILDPLATFORM\}? /, stage.from);
  }
});

// From scratch the image loses its platform, and an ARG before a RUN leaks into its environment.
test('Dockerfile – what becomes the image – stands on a named base and runs nothing', async (t) => {
  const all = await stages();
  const last = all.stages.at(-1);
  t.notRegex(all.text, /^FROM (?:\S+ )?scratch/m);
  t.false(last?.instructions.some((line) => line.startsWith('RUN')));
  const arguments_ = last?.instructions.filter((line) => line.startsWith('ARG')) ?? [];
  t.deepEqual(arguments_, ['ARG SERVICE', 'ARG SOURCE_DIGEST', 'ARG GIT_COMMIT']);
  t.regex(last?.instructions.at(-1) ?? '', /^ENV SOURCE_DIGEST=.* GIT_COMMIT=/);
});

// Dagger 0.21 rewrites a Dockerfile into its own calls and refuses what has no counterpart there:
// https://github.com/dagger/dagger/tree/v0.21.8/util/llbtodagger
test('Dockerfile – instructions – are such as the engine can convert', async (t) => {
  const { text, stages: all } = await stages();
  t.notRegex(text, /^#\s*syntax=/im, 'another frontend');
  t.notRegex(text, /--link\b/, 'buildah knows it not either');
  t.notRegex(text, /--security=|--network=|--parents\b|required=true/);
  for (const line of all.flatMap((it) => it.instructions)) {
    for (const [mount] of line.matchAll(/--mount=type=cache\S*/g)) {
      // An owner or a mode makes BuildKit create the folder by an operation that is refused.
      t.notRegex(mount, /uid=|gid=|mode=/, line);
    }
  }
});
