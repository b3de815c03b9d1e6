import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { callMany, removeModule } from './helpers/dispatch.ts';
import { fakeEngine } from './helpers/fake-engine.ts';
import { sourceFiles } from './helpers/imports.ts';
import { ciFolder } from './helpers/sdk.ts';

test.after.always(removeModule);

// With an open timer, socket or child the process would not end, and the test with it.
test('module – imported whole, as on each call – prints nothing, asks nothing, starts nothing', async (t) => {
  const engine = await fakeEngine(t, undefined);
  const { printed, loadMs } = await callMany(t, engine, []);
  t.is(printed, '');
  t.deepEqual(engine.asked, []);
  t.log(`${sourceFiles().length} files imported in ${loadMs} ms`);
});

// A container costs 1.2 s where a child process costs 55 ms, and its layers are cached even in an
// uncached function. The repository's own checks alone want a container, which has its tools.
test('module – programs – run in the function and never as withExec', async (t) => {
  for (const path of sourceFiles()) {
    const text = await readFile(join(ciFolder, 'src', path), 'utf8');
    if (path !== 'engine/repository-checks.ts') t.notRegex(text, /\.withExec\(/, path);
    t.notRegex(text, /\.asService\(|ReturnType/, path);
    t.notRegex(text, /process\.exit\b|process\.chdir/, path);
  }
});
