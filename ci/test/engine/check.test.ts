import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { imageNames } from '../../src/services.ts';
import { type Chain, step } from './helpers/chain.ts';
import { baseImages, checkout } from './helpers/checkout.ts';
import { callMany, dispatch, removeModule } from './helpers/dispatch.ts';
import { directory } from './helpers/engine-value.ts';
import { type FakeEngine, fakeEngine } from './helpers/fake-engine.ts';
import { ciFolder } from './helpers/sdk.ts';

test.after.always(removeModule);

const commandsOf = (container: Chain): string[] =>
  container
    .filter(({ field }) => field === 'withExec')
    .map(({ args }) => (args.args as string[]).join(' '));

const serviceOf = (container: Chain): string | undefined => {
  const build = container.find(({ field }) => field === 'dockerBuild');
  const args = build?.args.buildArgs as { name: string; value: string }[] | undefined;
  return args?.find(({ name }) => name === 'SERVICE')?.value;
};

const askedFor = (engine: FakeEngine, field: string): Chain[] =>
  engine.asked.filter((chain) => chain.at(-1)?.field === field);

/** As the engine tells of a command that failed. */
const execError = (stdout: string, stderr = '') =>
  Object.assign(new Error('exit code: 1'), {
    extensions: { _type: 'EXEC_ERROR', cmd: ['npm'], exitCode: 1, stdout, stderr },
  });

/** Calls `check` where containers do what `run` says; gives back what was thrown. */
async function failed(t: ExecutionContext, run: (container: Chain) => string): Promise<string> {
  const world = { folder: await checkout(t), run: async (it: Chain) => run(it) };
  const engine = await fakeEngine(t, undefined, world);
  const args = { source: engine.idOf(directory), ...baseImages };
  const { outcomes } = await callMany(t, engine, [{ name: 'check', args }]);
  return outcomes[0]?.thrown ?? '';
}

test.serial(
  'check – of a sound change – runs the scripts, builds all images twice, pushes nothing',
  async (t) => {
    const args: Record<string, unknown> = { ...baseImages };
    const engine = await fakeEngine(
      t,
      { name: 'check', args },
      { folder: await checkout(t), run: async () => 'ok  types\n\n4 passed, 0 failed\n' },
    );
    args.source = engine.idOf(directory);
    const { exitCode, stderr } = await dispatch(t, engine);
    t.deepEqual([exitCode, engine.thrown()], [0, undefined], stderr);

    const lines = String(engine.returned()).split('\n');
    t.is(lines.length, 1 + 3 + imageNames.length);
    t.regex(lines[0] ?? '', /^CHECK +TIME +FOUND$/);
    t.regex(lines[2] ?? '', /^npm run check +\d+\.\d s +4 passed, 0 failed$/);
    t.regex(lines.at(-1) ?? '', /^image database +\d+\.\d s +linux\/amd64, linux\/arm64$/);

    const scripts = askedFor(engine, 'stdout');
    t.deepEqual(scripts.map((it) => commandsOf(it).at(-1)).toSorted(), [
      'npm run --silent check',
      'npm run --silent unit',
    ]);
    for (const container of scripts) {
      t.is(step(container, 'from').args.address, baseImages.buildImage);
      t.regex(commandsOf(container)[0] ?? '', /^npm ci /);
      t.regex(commandsOf(container)[1] ?? '', /^npm ci .*--prefix ci$/);
    }
    const { scripts: there } = JSON.parse(
      await readFile(join(ciFolder, '../package.json'), 'utf8'),
    );
    t.like(there, { check: 'node --conditions=source test/run.ts check' });
    t.like(there, { unit: 'node --conditions=source test/run.ts unit' });

    const built = askedFor(engine, 'sync').filter((it) => serviceOf(it));
    t.deepEqual(
      built.map((it) => `${serviceOf(it)} ${step(it, 'dockerBuild').args.platform}`).toSorted(),
      imageNames.flatMap((name) => [`${name} linux/amd64`, `${name} linux/arm64`]).toSorted(),
    );
    t.deepEqual([...askedFor(engine, 'publish'), ...askedFor(engine, 'plaintext')], []);
  },
);

test.serial(
  'check – a failing script and two failing images – names all three with their words',
  async (t) => {
    const thrown = await failed(t, (container) => {
      if (commandsOf(container).at(-1)?.endsWith('check')) {
        const stdout =
          'ok     types  4.0 s\nFAILED lint   1.0 s\n\nsrc/app.ts:1 useConst\n\n1 passed, 1 failed\n';
        throw execError(stdout);
      }
      if (serviceOf(container) === 'dj-service') throw execError('src/a.ts(1,1): error TS2322\n');
      if (serviceOf(container) === 'ml-service') throw new Error(`${'ChV4'.repeat(90)}: not found`);
      return '800 passed, 0 failed';
    });
    t.is(
      thrown,
      [
        '3 of 10 checks failed',
        'npm run check: FAILED lint   1.0 s\n\nsrc/app.ts:1 useConst\n\n1 passed, 1 failed',
        'image dj-service: src/a.ts(1,1): error TS2322',
        'image ml-service: …: not found\ncode: CHECK_FAILED',
      ].join('\n\n'),
    );
  },
);

test.serial('check – packages that cannot be installed – are told once', async (t) => {
  const thrown = await failed(t, (container) => {
    if (commandsOf(container).length > 0) throw execError('', 'npm error code EUSAGE\n');
    return '';
  });
  t.is(thrown, '3 of 10 checks failed\n\nnpm ci: npm error code EUSAGE\ncode: CHECK_FAILED');
});

// Where a failure is expected (`expect: ANY`) the engine keeps it, and a moment's fault stays.
test.serial(
  'check – a script that fails – is an error of the engine, which forgets it',
  async (t) => {
    const expected: unknown[] = [];
    await failed(t, (container) => {
      for (const { field, args } of container) if (field === 'withExec') expected.push(args.expect);
      throw execError('no');
    });
    t.true(expected.length > 0);
    t.deepEqual(
      expected.filter((it) => it !== undefined && it !== 'SUCCESS'),
      [],
    );
  },
);
