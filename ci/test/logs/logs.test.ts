import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { parseLogOptions } from '../../src/logs/log-options.ts';
import { readLogs } from '../../src/logs/read-logs.ts';
import { logsText } from '../../src/report/logs-text.ts';
import { services } from '../../src/services.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { ending, ready, rollout } from '../rollout/cluster.ts';

const dj = services.filter((it) => it.name === 'dj-service');
const of = rollout('dj-service', { newPods: [ready()], oldPods: [ending(ready())] });

async function read(log: string | undefined, options = {}) {
  const clock = fakeClock();
  const target = fakeTarget(clock, {
    cluster: () => of,
    ...(log === undefined ? {} : { log: (pod) => log.replaceAll('POD', pod) }),
  });
  const request = { target, clock, services: dj, tail: 3, previous: false, ...options };
  const logs = await readLogs(request);
  return { logs, text: logsText(logs, 'production'), calls: target.calls };
}

test('logs – two pods – each below its name, the old one first', async (t) => {
  const { text } = await read('one of POD\ntwo\n');
  t.is(
    text,
    [
      '--- dj-service-old-0, container app ---',
      ...['one of dj-service-old-0', 'two', ''],
      '--- dj-service-new-0, container app ---',
      ...['one of dj-service-new-0', 'two'],
    ].join('\n'),
  );
});

test('logs – more lines than asked for – the last ones, and that there are more', async (t) => {
  const { logs, text, calls } = await read('1\n2\n3\n4\n');
  t.deepEqual(logs[0]?.lines, ['2', '3', '4']);
  t.true(logs[0]?.cut);
  t.regex(text, /\(there is more: /);
  t.true(
    calls.some((args) => args.includes('--tail=4')),
    'one more, to know',
  );
});

test('logs – as many lines as asked for – nothing is said to be missing', async (t) => {
  const { logs } = await read('1\n2\n3\n');
  t.deepEqual(logs[0]?.lines, ['1', '2', '3']);
  t.false(logs[0]?.cut);
});

test('logs – a flood – bounded, the end of it, and said', async (t) => {
  const flood = Array.from({ length: 1_500 }, (_, n) => `${n} ${'x'.repeat(2_000)}`).join('\n');
  const { logs, text } = await read(flood, { tail: 2_000 });
  t.true(text.length < 420_000, `${text.length}`);
  t.true(logs.every((it) => it.cut));
  t.regex(logs[0]?.lines.at(-1) ?? '', /^1499 /);
});

test('logs – since, previous – are handed on', async (t) => {
  const { calls } = await read('x', { since: '10m', previous: true });
  const asked = calls.filter(([verb]) => verb === 'logs');
  t.true(asked.every((args) => args.includes('--since=10m') && args.includes('--previous')));
});

test('logs – a secret in a line – is hidden', async (t) => {
  const { text } = await read('connecting to mysql://craic:hunter2000@db/gigsdb\n');
  t.notRegex(text, /hunter2000/);
  t.regex(text, /@db\/gigsdb/);
});

test('logs – no previous container, an empty one – is said in words', async (t) => {
  t.regex((await read(undefined)).text, /^--- .* ---\nno log: container not found/);
  t.regex((await read('')).text, /^--- .* ---\nnothing written/);
  const clock = fakeClock();
  const target = fakeTarget(clock, { cluster: () => rollout('ml-service', {}) });
  const logs = await readLogs({ target, clock, services: dj, tail: 3, previous: false });
  t.is(logsText(logs, 'production'), 'There is no pod of these services in production.');
});

for (const [given, cure] of [
  [{ tail: 0 }, /from 1 to 2000/],
  [{ tail: 2_001 }, /from 1 to 2000/],
  [{ since: 'yesterday' }, /30s, 10m or 2h/],
  [{ since: '-5m' }, /30s, 10m or 2h/],
  [{ since: '5m --all-namespaces' }, /30s, 10m or 2h/],
] as const) {
  test(`logs – ${JSON.stringify(given)} – is refused with what to give`, (t) => {
    const all = { tail: 10, since: undefined, previous: false, ...given };
    const error = t.throws(() => parseLogOptions(all), { instanceOf: PipelineError });
    t.is(error?.code, 'ARGUMENT_INVALID');
    t.regex(error?.message ?? '', cure);
  });
}
