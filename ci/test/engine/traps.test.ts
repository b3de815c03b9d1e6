import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { ciFolder } from './helpers/sdk.ts';

/** What surprises in a real engine, and where the module is kept from it: a test's title, or a text. */
const traps: readonly (readonly [trap: string, file: string, text: string])[] = [
  ['functions are cached for seven days', 'contract.test.ts', 'is never answered from the cache'],
  ['a constructor costs a container run', 'contract.test.ts', 'without a constructor'],
  ['type errors pass `dagger functions`', '../../../test/levels.ts', "'ci/tsconfig.json'"],
  ['an unnamed class gives an empty list, exit 0', 'contract.test.ts', 'has the functions and'],
  ['digits split a name on the command line', 'contract.test.ts', 'have no digits'],
  ['a secret that is a string is shown', 'contract.test.ts', 'is a Secret and never a string'],
  ['node_modules and .git are uploaded', 'contract.test.ts', 'leaves out what is large'],
  ['the bundled SDK exports less than npm’s', 'imports.test.ts', 'are what the engine bundles'],
  ['decorators are matched by their text', 'imports.test.ts', 'are by their own names'],
  ['code outside of ci/src is not there', 'imports.test.ts', 'are files of ci/src'],
  [
    'devDependencies are not installed',
    'helpers/engine-folder.ts',
    'the production dependencies alone',
  ],
  ['every file below ci/src is imported', 'load.test.ts', 'prints nothing, asks nothing'],
  ['tests below ci/src run in a user’s call', 'imports.test.ts', 'are TypeScript and no tests'],
  ['npm and another TypeScript: EBUSY', 'package.test.ts', 'has the compiler as a dependency'],
  ['install scripts, a lockfile behind', 'package.test.ts', 'is in step with it'],
  ['tsconfig is read as plain JSON', 'package.test.ts', 'is plain JSON'],
  ['.env becomes arguments', 'package.test.ts', 'holds no .env'],
  ['an expected failure is kept for the next call', 'check.test.ts', 'error of the engine'],
  ['withExec for polling takes 1.2 s', 'load.test.ts', 'never as withExec'],
  ['BUILDPLATFORM is the target’s', 'build.test.ts', 'on the engine’s own platform'],
  ['FROM scratch loses the platform', 'dockerfile.test.ts', 'stands on a named base'],
  ['ARG leaks into the environment', 'dockerfile.test.ts', 'stands on a named base'],
  ['a Dockerfile is converted, not all of it can be', 'dockerfile.test.ts', 'engine can convert'],
  ['labels change a digest', 'build.test.ts', 'puts exact labels last'],
  ['`created` changes a digest', '../../src/images/ensure-images.ts', 'client.resolve'],
  ['one failing build hides the others', 'push.test.ts', 'names both with their causes'],
  ['kilobytes of ids before a cause', 'failure.test.ts', 'has no kilobytes of ids'],
  ['publish without credentials', 'push.test.ts', 'a registry that asks for a password'],
  ['a detached checkout says HEAD', 'wrong-arguments.test.ts', 'without --branch'],
  ['asGit looks dirty with ignored paths', '../../src/engine/inputs.ts', '.uncommitted()'],
  ['a returned string is not masked', 'deploy.test.ts', 'a credential was shown'],
  ['a container that is asked anything is built', 'plan.test.ts', 'changes nothing'],
  ['a thrown message is all that is shown', 'failure.test.ts', 'keeps its text with one code'],
  ['a returned object prints its id only', 'verify-health.test.ts', 'health as JSON'],
  ['Ctrl-C gives no time to clean up', '../../../docs/module.md', 'Interrupting a call'],
  [
    'a .dockerignore may thin the upload',
    '../../../services/Dockerfile.dockerignore',
    'not at the root',
  ],
  ['no environment of the host', 'helpers/dispatch.ts', 'nothing of the host'],
  ['only its own folder is empty and writable', '../../src/engine/inputs.ts', 'process.cwd()'],
];

test('traps of the engine – each – is checked at the place that the table names', async (t) => {
  for (const [trap, file, text] of traps) {
    const content = await readFile(join(import.meta.dirname, file), 'utf8');
    t.true(content.includes(text), `${trap}: ${file} no longer says ${JSON.stringify(text)}`);
  }
});

test('traps of the engine – the table – names every test file here', (t) => {
  const named = new Set(traps.map(([, file]) => file));
  const own = ['diagnose', 'plan', 'registration', 'rollback', 'status', 'traps'].map(
    (name) => `${name}.test.ts`,
  );
  const files = globSync('*.test.ts', { cwd: join(ciFolder, 'test', 'engine') });
  t.deepEqual(
    files.filter((file) => !named.has(file) && !own.includes(file)),
    [],
  );
});
