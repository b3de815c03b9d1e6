import test from 'ava';
import { releasesText } from '../../src/report/releases-text.ts';
import { earlierRelease } from '../release/earlier.ts';

const id = (hour: number) => `20261122t${hour}0000z-fedcba9`;

test('releasesText – releases of every end – one line each, with where it went', (t) => {
  const of = (hour: number, more: object) => {
    const record = earlierRelease({ id: id(hour) });
    return { ...record, release: { ...record.release, ...more } };
  };
  const services = earlierRelease({ unproven: ['ml-service'] }).release.services;
  const wentBack = { to: id(10), services: ['ml-service'], proven: true };
  const text = releasesText([
    of(16, { state: 'deploying', services: [] }),
    of(15, { restores: id(10), restoredServices: ['dj-service'] }),
    of(14, { restores: id(10) }),
    of(13, { state: 'rolled-back', wentBack: { ...wentBack, as: id(14) } }),
    of(12, { state: 'degraded', services, wentBack }),
    of(11, { state: 'degraded', services }),
    of(10, {}),
  ]);
  t.is(
    text,
    `RELEASE                   STATE        COMMIT        BRANCH  BUILT  TOOK
20261122t160000z-fedcba9  deploying    fedcba987654  main    0
20261122t150000z-fedcba9  verified     fedcba987654  main    6      93 s  restores 20261122t100000z-fedcba9 (dj-service)
20261122t140000z-fedcba9  verified     fedcba987654  main    6      93 s  restores 20261122t100000z-fedcba9
20261122t130000z-fedcba9  rolled-back  fedcba987654  main    6      93 s  went back to 20261122t100000z-fedcba9 as 20261122t140000z-fedcba9
20261122t120000z-fedcba9  degraded     fedcba987654  main    6      93 s  went back to 20261122t100000z-fedcba9 (ml-service)
20261122t110000z-fedcba9  degraded     fedcba987654  main    6      93 s  not proven: ml-service
20261122t100000z-fedcba9  verified     fedcba987654  main    6      93 s`,
  );
});

test('releasesText – no record – says so', (t) => {
  t.is(releasesText([]), 'No release is recorded.');
});
