import test from 'ava';
import { run } from './deploy-scenario.ts';
import { has, some } from './migrate/some-migrations.ts';
import { earlierRecord } from './release/earlier.ts';

const waiting = (service: string, reason: string, message: string) => ({
  name: 'pull-1',
  status: {
    phase: 'Pending',
    containerStatuses: [
      { name: service, restartCount: 0, state: { waiting: { reason, message } } },
    ],
  },
});
const isPull = (name: string) => name.startsWith('pull-');
const request = { migrations: some('ee') };

test('deploy – an image that the registry lacks – is refused by the pull, nothing is applied', async (t) => {
  const message = 'code = NotFound desc = failed to resolve reference "x": x: not found';
  const { result, applied, target } = await run({
    job: (name) => (isPull(name) ? { pods: [waiting('dj-service', 'ErrImagePull', message)] } : {}),
  });
  const error = await t.throwsAsync(result, { code: 'IMAGE_NOT_FOUND' });
  t.regex(
    error?.message ?? '',
    /^dj-service: its image cannot be used: .*\nNothing that serves was touched\./,
  );
  t.deepEqual(applied, []);
  t.true(target.calls.some(([verb, kind]) => verb === 'delete' && kind === 'job'));
});

test('deploy – a registry that is away for 8 s – heals, and the release is verified', async (t) => {
  const message = 'code = Unknown desc = dial tcp 10.0.0.1:5000: connect: connection refused';
  const { result } = await run({
    job: (name, seconds) =>
      isPull(name) && seconds < 38
        ? { pods: [waiting('dj-service', 'ErrImagePull', message)] }
        : { ended: 'Complete' },
  });
  t.is((await result).state, 'verified');
});

test('deploy – the database has all migrations – no Job runs, and the release records them', async (t) => {
  const jobs: string[] = [];
  const { result } = await run({
    schema: has('ee'),
    request,
    job: (name) => {
      jobs.push(name);
      return { ended: 'Complete' };
    },
  });
  const release = await result;
  t.is(release.schema?.version, 2);
  t.true(jobs.every(isPull), jobs.join());
});

test('deploy – nothing serves that could say what the database has – the Job runs and finds out', async (t) => {
  const jobs = new Set<string>();
  const { result } = await run({
    schema: null,
    request,
    job: (name) => {
      jobs.add(name);
      return { ended: 'Complete' };
    },
  });
  const release = await result;
  t.is(release.state, 'verified');
  t.deepEqual([...jobs], [`pull-${release.id}`, `migrate-${release.id}`]);
});

test('deploy – migrations that are pending – run once under the release’s name, before the apply', async (t) => {
  const { result, said } = await run({
    schema: has('e'),
    request,
    job: () => ({
      ended: 'Complete',
      pods: [waiting('x', '', '')],
      log: 'connecting to mysql://migrate:the-decks-are-hot@db:3306\napplied 002-step-2 in 3 ms\n',
    }),
  });
  const release = await result;
  t.is(release.state, 'verified');
  t.true(said.includes('database: applied 002-step-2 in 3 ms'));
  t.false(said.join().includes('the-decks-are-hot'), 'no secret of its log is shown');
  const steps = release.timeline?.phases.map(({ name }) => name).slice(0, 4);
  t.deepEqual(steps, ['images', 'pull', 'migrate', 'apply']);
});

test('deploy – a migration that fails – MIGRATION_FAILED with its log, nothing applied, nothing built anew', async (t) => {
  const { result, applied } = await run({
    schema: has('e'),
    request,
    records: await earlierRecord(),
    job: (name) =>
      isPull(name)
        ? { ended: 'Complete' }
        : {
            ended: 'Failed',
            pods: [
              {
                name: 'm',
                status: {
                  containerStatuses: [
                    { name: 'database', restartCount: 0, state: { terminated: { exitCode: 1 } } },
                  ],
                },
              },
            ],
            log: 'migrate: 002-step-2, statement 1 of 1 failed: Duplicate column\n',
          },
  });
  const error = await t.throwsAsync(result, { code: 'MIGRATION_FAILED' });
  t.regex(error?.message ?? '', /ended with exit code 1/);
  t.regex(error?.message ?? '', /statement 1 of 1 failed: Duplicate column/);
  t.deepEqual(applied, []);
});

test('deploy – a registry without the migrations’ image – is told by the kubelet’s words, the Job removed', async (t) => {
  const message = 'code = NotFound desc = failed to resolve reference "x": x: not found';
  const { result, applied, target } = await run({
    schema: has('e'),
    request,
    job: (name) =>
      isPull(name)
        ? { ended: 'Complete' }
        : { pods: [waiting('database', 'ErrImagePull', message)] },
  });
  const error = await t.throwsAsync(result, { code: 'IMAGE_NOT_FOUND' });
  t.regex(error?.message ?? '', /^The migrations cannot start: .*\nNo service was touched/);
  t.deepEqual(applied, []);
  t.true(target.calls.some(([verb, , name]) => verb === 'delete' && name?.startsWith('migrate-')));
});

test('deploy – a contract over a release that is not proven with it – is refused before a build', async (t) => {
  let built = false;
  const { result, applied } = await run({
    schema: has('e'),
    records: await earlierRecord(),
    request: {
      migrations: some('eec'),
      ensureImages: async (signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        built = !signal.aborted;
        throw signal.reason;
      },
    },
  });
  await t.throwsAsync(result, { code: 'MIGRATION_REFUSED' });
  t.false(built);
  t.deepEqual(applied, []);
});
