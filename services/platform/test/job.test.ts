import test from 'ava';
import { startJobs } from '../src/job.ts';
import { createLog } from '../src/log.ts';
import { until } from './helpers/start.ts';

function recording() {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ service: 'test', destination }) };
}

test('jobs – one that fails – is tried again later, told once, and disturbs no other', async (t) => {
  const { lines, log } = recording();
  let failing = 0;
  let well = 0;
  const jobs = startJobs(
    [
      {
        name: 'ill',
        everyMs: 1,
        run: async () => {
          failing += 1;
          if (failing === 1) throw new Error('no');
        },
      },
      {
        name: 'well',
        everyMs: 1,
        run: async () => {
          well += 1;
        },
      },
    ],
    log,
  );

  await until(() => failing >= 2 && well > 20);
  await jobs.stop();

  t.deepEqual(
    lines.map(({ msg, job }) => [msg, job]),
    [
      ['job failed', 'ill'],
      ['job recovered', 'ill'],
    ],
  );
});

test('jobs – stopped – tell the run under way, wait for its end, and begin no more', async (t) => {
  const { log } = recording();
  let begun = 0;
  let ended = 0;
  const jobs = startJobs(
    [
      {
        name: 'long',
        everyMs: 1,
        async run(signal) {
          begun += 1;
          await new Promise((resolve) => signal.addEventListener('abort', resolve));
          ended += 1;
        },
      },
    ],
    log,
  );

  await until(() => begun === 1);
  await jobs.stop();

  t.deepEqual([begun, ended], [1, 1]);
});
