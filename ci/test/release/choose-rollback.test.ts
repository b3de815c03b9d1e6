import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { chooseRollback } from '../../src/release/choose-rollback.ts';
import { names } from '../deploy-scenario.ts';
import { earlierRelease } from './earlier.ts';

const at = (hour: number) => `20261122t${String(hour).padStart(2, '0')}0000z-fedcba9`;
const proven = (hour: number) => earlierRelease({ id: at(hour) });
const overlay = 'production';

const choose = (
  records: Parameters<typeof chooseRollback>[0],
  asked: { to?: string; services?: readonly string[] } = {},
) => chooseRollback(records, { overlay, services: [], ...asked });

test('rollback – nothing told – all six to the proven release before the one that serves', (t) => {
  const records = [proven(9), proven(10), earlierRelease({ id: at(11), state: 'failed' })];
  const chosen = choose(records);
  t.is(chosen.serving.release.id, at(10));
  t.is(chosen.to.release.id, at(9));
  t.true(chosen.whole);
  t.deepEqual(chosen.services, names);
});

test('rollback – once more – goes beyond what was restored, not forth again', (t) => {
  const restored = earlierRelease({ id: at(12) });
  const records = [
    ...[proven(8), proven(9), proven(10)],
    { ...restored, release: { ...restored.release, restores: at(9) } },
  ];
  t.is(choose(records).to.release.id, at(8));
});

test('rollback – after one of a single service – the release before is the one before', (t) => {
  const partly = earlierRelease({ id: at(12) });
  const restores = { restores: at(9), restoredServices: ['dj-service'] };
  const records = [
    ...[proven(9), proven(10)],
    { ...partly, release: { ...partly.release, ...restores } },
  ];
  t.is(choose(records).to.release.id, at(10));
});

test('rollback – a non-critical service – goes alone; a critical one takes the critical ones along', (t) => {
  const records = [proven(9), proven(10)];
  t.deepEqual(choose(records, { services: ['dj-service'] }).services, ['dj-service']);
  t.deepEqual(choose(records, { services: ['ml-service', 'auth-service'] }).services, [
    ...['aggregator', 'auth-service', 'events-service', 'ml-service'],
  ]);
  t.false(choose(records, { services: ['dj-service'] }).whole);
});

const refused = [
  ['no release at all', [], {}, 'RELEASE_UNKNOWN', /No proven release is recorded/],
  ['only one proven release', [proven(9)], {}, 'RELEASE_UNKNOWN', /No proven release before/],
  [
    'an unknown release',
    [proven(9)],
    { to: 'x' },
    'RELEASE_UNKNOWN',
    /"x" is recorded.*\n.*t090000z/s,
  ],
  [
    'a release that failed',
    [earlierRelease({ id: at(8), state: 'failed' }), proven(9)],
    { to: at(8) },
    'RELEASE_NOT_PROVEN',
    /t080000z-fedcba9 is failed.*\n.*t090000z/s,
  ],
  [
    'a service that was not proven then',
    [earlierRelease({ id: at(8), state: 'degraded', unproven: ['ml-service'] }), proven(9)],
    { to: at(8), services: ['ml-service'] },
    'RELEASE_NOT_PROVEN',
    /never proved ml-service/,
  ],
  ['an unknown service', [proven(8), proven(9)], { services: ['dj'] }, 'SERVICE_UNKNOWN', /"dj"/],
] as const;

for (const [what, records, asked, code, message] of refused) {
  test(`rollback – ${what} – refused with what there is`, (t) => {
    const error = t.throws(() => choose(records, asked), { instanceOf: PipelineError, message });
    t.is(error?.code, code);
  });
}
