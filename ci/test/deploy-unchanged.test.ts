import test from 'ava';
import { deploy } from '../src/deploy.ts';
import { imageNames } from '../src/services.ts';
import { type Given, image, of, scene } from './deploy-scenario.ts';
import { takeAs } from './release/lease-world.ts';
import { type SetAt, trialText } from './release/trial-text.ts';

const isThere = imageNames.map((name) => ({ ...image(name), built: false }));

/** Deploys twice the same; what the server says to a trial, and what happens meanwhile, is the second's. */
async function twice({ setAt, ...given }: Given & { readonly setAt?: SetAt } = {}) {
  const { target, clock, applied, request } = scene({
    dryRun: (_args, input) => trialText(input, setAt),
    ...given,
    request: {
      ensureImages: async (_signal, _onImage, onNamed) => {
        for (const { service, tag } of isThere) onNamed(service, tag);
        return isThere;
      },
      ...given.request,
    },
  });
  const first = await deploy(request);
  clock.advance(3_600_000);
  const said: string[] = [];
  const trips = target.trips.length;
  const again = (more: Partial<typeof request> = {}) =>
    deploy({ ...request, say: (line) => said.push(line), ...more });
  return { first, again, said, target, clock, applied, trips: () => target.trips.slice(trips) };
}

test('deploy – the server says that nothing would change – proven without an apply, and told on record', async (t) => {
  const { again, said, applied, trips, target } = await twice();
  const release = await again();
  t.is(release.state, 'verified');
  t.is(of(release, 'aggregator').newPods, 0);
  t.deepEqual(trips(), [
    ...['kubectl', 'kubectl'],
    ...['guarded', 'kubectl'], // The pull, which this node has yet to do; it takes the Lease.
    ...['probe', 'guarded'],
  ]);
  t.true(said.includes('nothing is to be applied'), said.join('\n'));
  t.false(release.timeline?.phases.some(({ name }) => name === 'apply'));
  t.true(target.configMaps.has(`release-${release.id}`));
  t.true(target.configMaps.has(`release-${release.id}-manifests`));
  t.is(applied.length, 1, 'the first of the two deploys');
  t.is(target.leases.lease?.spec.holderIdentity, undefined);
});

test('deploy – somebody has changed one object since – applied as ever', async (t) => {
  const { again, said } = await twice({
    setAt: ({ metadata }) =>
      metadata.name === 'dj-service' ? '2026-11-23T02:00:00Z' : '2026-11-22T09:00:00Z',
  });
  const { state, timeline } = await again();
  t.is(state, 'verified');
  t.true(timeline?.phases.some(({ name }) => name === 'apply'));
  t.false(said.includes('nothing is to be applied'));
});

test('deploy – the same sources, but whose images have yet to be made – not waited for by the trial', async (t) => {
  const { again, clock } = await twice();
  const late = async (
    _signal: AbortSignal,
    _onImage: unknown,
    onNamed: (service: string, tag: string) => void,
  ) => {
    for (const { service, tag } of isThere) onNamed(service, tag);
    const from = clock.seconds();
    while (clock.seconds() < from + 3) await new Promise(setImmediate);
    return isThere;
  };
  const { state, timeline } = await again({ ensureImages: late });
  t.is(state, 'verified');
  t.true(timeline?.phases.some(({ name }) => name === 'apply'));
});

test('deploy – somebody else deploys behind the look that found nothing to change – looks again, and applies', async (t) => {
  const { again, target, clock } = await twice();
  let texts = 0;
  const contended = {
    ...target,
    guarded: async (calls: Parameters<typeof target.guarded>[0]) => {
      texts += 1;
      if (texts === 1) await (await takeAs('other', target, clock)).held.end('end', []);
      return target.guarded(calls);
    },
  };
  const { state, timeline } = await again({ target: contended });
  t.is(state, 'verified');
  t.true(timeline?.phases.some(({ name }) => name === 'apply'));
});

test('deploy – nothing would change, but one service is ill – is not called proven', async (t) => {
  let isIll = false;
  const { again, first, trips } = await twice({
    health: ({ service }) =>
      isIll && service === 'ml-service'
        ? new Error('connection refused')
        : JSON.stringify({
            ...{ service, status: 'ok', source: `src-${service}` },
            ...{ commit: '0'.repeat(40), dependencies: {} },
          }),
  });
  t.is(first.state, 'verified');
  isIll = true;
  const release = await again();
  t.is(release.state, 'degraded');
  t.is(of(release, 'ml-service').code, 'UNHEALTHY');
  // Whether somebody else changes the platform is found out before it is asked again.
  t.deepEqual(trips().slice(4, 6), ['probe', 'guarded']);
});
