import test from 'ava';
import { PipelineError } from '../src/errors.ts';
import { rollback } from '../src/rollback.ts';
import { scene } from './deploy-scenario.ts';
import type { JobReport } from './fake-target.ts';
import { earlierRecord } from './release/earlier.ts';

const [oldest, older, newer] = ['20', '21', '22'].map((day) => `202611${day}t090000z-fedcba9`) as [
  string,
  string,
  string,
];
const records = (
  await Promise.all([oldest, older, newer].map((id) => earlierRecord({ id })))
).flat();

/** A pull that ends at once with these words of the kubelet's. */
const refused = (message: string): JobReport => ({
  pods: [
    {
      name: 'p',
      status: {
        containerStatuses: [
          {
            ...{ name: 'dj-service', restartCount: 0 },
            state: { waiting: { reason: 'ErrImagePull', message } },
          },
        ],
      },
    },
  ],
});
const gone = 'code = NotFound desc = failed to resolve reference "x": x: not found';
const foreign = 'no match for platform in manifest: not found';

/** Goes back on a cluster where the first `without` pulls are refused. */
function goBack({
  to,
  words = gone,
  without = 1,
}: {
  to?: string;
  words?: string;
  without?: number;
}) {
  const jobs: string[] = [];
  const said: string[] = [];
  const { target, clock, applied } = scene({
    records,
    job: (name) => {
      if (!jobs.includes(name)) jobs.push(name);
      return jobs.indexOf(name) < without ? refused(words) : { ended: 'Complete' };
    },
  });
  const result = rollback({
    ...{ overlay: 'production', target, clock, soakSeconds: 0, services: [], to },
    say: (line) => said.push(line),
  });
  return { result, applied, said };
}

test('rollback – without --to, the images of the release before are gone – the one before that, and why', async (t) => {
  for (const [words, why] of [
    [gone, gone],
    [foreign, foreign],
  ] as const) {
    const { result, applied, said } = goBack({ words });
    const release = await result;
    t.deepEqual([release.state, release.restores], ['verified', oldest]);
    t.is(applied.length, 1);
    t.true(
      said.includes(
        `release ${older} cannot be gone back to: dj-service: its image cannot be used: ${why}`,
      ),
      said.join('\n'),
    );
    t.deepEqual(
      said.filter((it) => it.startsWith('going back')),
      [`going back to release ${older}`, `going back to release ${oldest}`],
    );
  }
});

test('rollback – without --to, and no release has its images – refused with those that were tried', async (t) => {
  const { result, applied } = goBack({ without: 2 });
  await t.throwsAsync(result, {
    code: 'RELEASE_UNKNOWN',
    message: new RegExp(
      `^No proven release before ${newer} is recorded whose images are still there: not ${older}, ${oldest}\\.\nDeploy an earlier commit instead\\.`,
    ),
  });
  t.deepEqual(applied, []);
});

test('rollback – with --to, whose images are gone – refused with its code and what can be done', async (t) => {
  for (const [words, code] of [
    [gone, 'IMAGE_NOT_FOUND'],
    [foreign, 'IMAGE_WRONG_PLATFORM'],
  ] as const) {
    const { result, applied } = goBack({ to: older, words });
    const error = await t.throwsAsync(result, { instanceOf: PipelineError });
    t.is(error?.code, code);
    t.is(
      error?.what,
      `Release ${older} cannot be gone back to. dj-service: its image cannot be used: ${words}\nNothing that serves was touched.`,
    );
    t.regex(error?.cure ?? '', /^Deploy commit fedcba987654 again, .* Choose one of the proven/);
    t.true(error?.cure?.includes(`\n  ${oldest}  `));
    t.false(error?.cure?.includes(`\n  ${older}  `));
    t.deepEqual(applied, [], 'nothing that serves was touched');
  }
});

test('rollback – a registry that is merely away – is no reason to pass a release over', async (t) => {
  const words = 'code = Unknown desc = dial tcp 10.0.0.1:5000: connect: connection refused';
  const { result, applied } = goBack({ words, without: 9 });
  const error = await t.throwsAsync(result, { instanceOf: PipelineError });
  t.is(error?.code, 'IMAGE_PULL_FAILED');
  t.deepEqual(applied, []);
});
