import test from 'ava';
import { PipelineError } from '../src/errors.ts';
import { hide } from '../src/redact.ts';
import { releaseResult } from '../src/report/release-result.ts';
import { canaries, forms, knownValues } from './canaries.ts';
import { crash, names, run } from './deploy-scenario.ts';
import { healthBody } from './fake-target.ts';
import { waiting } from './rollout/cluster.ts';

hide(...knownValues);

const written = canaries.flatMap(({ kind, secret, text }) =>
  Object.entries(forms).map(([form, write]) => ({
    what: `${kind}, ${form}`,
    text: write(text),
    pieces: [...secret, ...secret.map(write)].filter((piece) => piece.length >= 12),
  })),
);

/** What of the canaries a text shows; line breaks do not hide them. */
const seenIn = (text: string): string[] => {
  const joined = text.replaceAll(/\\?\r?\n|\\n/g, '');
  return written
    .filter(({ pieces }) => pieces.some((it) => text.includes(it) || joined.includes(it)))
    .map(({ what }) => what);
};

const poison = (from: number, to: number): string =>
  written
    .slice(from, to)
    .map(({ text }) => `a line\n${text}\n`)
    .join('');

test('canaries – more than 200 in what a cluster says – none in any output, record or command', async (t) => {
  t.true(written.length >= 200, `${written.length}`);
  const step = Math.ceil(written.length / 6);
  const log = (_pod: string, previous: boolean, container: string) => {
    const at = names.indexOf(container) * step;
    return `Error: ${previous ? 'before' : 'now'}\n${poison(at, at + step)}`;
  };
  const { result, said, target } = await run({
    newPods: {
      'dj-service': crash,
      aggregator: () => waiting('RunContainerError', poison(0, 40)),
      'ml-service': () => waiting('ErrImagePull', `403 Forbidden ${poison(40, 80)}`),
    },
    log,
    pod: `app\x1f\x1f\x1f{"exec":{"command":["${canaries[5]?.text}"]}}\x1f\x1e`,
    health: (probe) =>
      probe.service === 'auth-service'
        ? poison(80, 120)
        : probe.service === 'venue-service'
          ? healthBody(probe.service, 'src-venue-service', {
              dependencies: { database: { status: 'failed', detail: poison(120, 160) } },
            })
          : new Error(poison(160, 200)),
  });
  const release = await result;

  const shown = ['text', 'json'].map((format) => {
    try {
      return releaseResult(release, format as 'text');
    } catch (error) {
      return String(error) + String((error as Error).stack);
    }
  });
  const records = [...target.configMaps.values()].map((it) => JSON.stringify(it));
  for (const [channel, text] of Object.entries({
    'lines said': said.join('\n'),
    'the report': shown[0] ?? '',
    'the report as JSON': shown[1] ?? '',
    'the release': JSON.stringify(release),
    'the record': records.join('\n'),
    'the commands': JSON.stringify(target.calls),
  })) {
    t.true(text.length > 0, channel);
    t.deepEqual(seenIn(text), [], channel);
  }
  t.regex(records.join('\n'), /\[hidden\]/, 'the record holds evidence');
});

test('canaries – before they are hidden – each is seen, so that the search for them proves something', (t) => {
  t.is(seenIn(poison(0, written.length)).length, written.length);
});

test('canaries – an apply that is refused – none in the error', async (t) => {
  const { result } = await run({
    apply: () => ({ exitCode: 1, stdout: '', stderr: `refused: ${poison(0, written.length)}` }),
  });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.deepEqual(seenIn(`${error?.message}${error?.stack}${error?.what}${error?.summary}`), []);
});
