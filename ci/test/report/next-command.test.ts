import test from 'ava';
import { nextCommand } from '../../src/report/next-command.ts';
import type { Release } from '../../src/report/release.ts';
import { releaseResult } from '../../src/report/release-result.ts';
import { earlierRelease } from '../release/earlier.ts';

const { release } = earlierRelease();
const next = (more: Partial<Release>) => nextCommand({ ...release, ...more });

test('next command – by how a release ended – asks what is of use then', (t) => {
  const on = '--instance-id i-077f139e329506bf5';
  t.is(next({}), `dagger call status ${on}`);
  t.is(next({ state: 'failed' }), `dagger call diagnose ${on}`);
  t.is(next({ state: 'degraded' }), `dagger call diagnose ${on}`);
  t.is(
    next({ state: 'rolled-back' }),
    `dagger call report --release ${release.id} ${on} export --path report`,
  );
});

test('next command – another overlay, another cluster – names them', (t) => {
  const target = 'the cluster of the kubeconfig';
  t.is(
    next({ overlay: 'staging', target }),
    'dagger call status --overlay staging --kubeconfig file:…',
  );
});

test('release as a result – its text – closes with the next command, and JSON with none', (t) => {
  t.regex(releaseResult(release, 'text'), /\nNext: dagger call status --instance-id \S+$/);
  t.notThrows(() => JSON.parse(releaseResult(release, 'json')));
  t.throws(() => releaseResult({ ...release, state: 'failed' }, 'text'), {
    message: /\nNext: dagger call diagnose --instance-id \S+\ncode: RELEASE_FAILED$/,
  });
});
