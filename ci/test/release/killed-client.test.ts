import test, { type ExecutionContext } from 'ava';
import { deploy } from '../../src/deploy.ts';
import { parseRecord, type ReleaseRecord } from '../../src/release/record.ts';
import { resolveDead } from '../../src/release/resolve-dead.ts';
import { crash, earlierSource, type Given, names, scene } from '../deploy-scenario.ts';
import { earlierRecord } from './earlier.ts';
import { type Death, mortalClient } from './mortal-client.ts';

const earlier = await earlierRecord();

const scenarios: Readonly<Record<string, Given>> = {
  'all good': { records: earlier, request: { soakSeconds: 4 } },
  'a non-critical service crashes': {
    records: earlier,
    request: { soakSeconds: 4 },
    newPods: { 'dj-service': crash },
  },
  'a critical service crashes': {
    records: earlier,
    request: { soakSeconds: 4 },
    newPods: { aggregator: crash },
  },
  'the very first release': { first: true, request: { soakSeconds: 4 } },
};

/** What a release leaves: what became of each record, what serves, and whether anything is locked. */
function leftBy({ target, sources }: ReturnType<typeof scene>) {
  const records = [...target.configMaps.values()]
    .map((it) => parseRecord((it.data as Record<string, string>)['release.json'] ?? ''))
    .filter((it): it is ReleaseRecord => it !== undefined)
    .toSorted((a, b) => (a.release.id > b.release.id ? 1 : -1));
  return {
    states: records.map(({ release, standing }) => [
      release.state,
      release.wentBack?.proven,
      release.services.map((it) => `${it.service} ${it.proven} ${it.newPods}`),
      Object.entries(standing).map(([name, it]) => `${name} ${it.source} ${it.proven}`),
    ]),
    serves: names.map((name) => sources().get(name) ?? earlierSource(name)),
    holder: target.leases.lease?.spec.holderIdentity,
  };
}

/** Deploys until the client dies; true if it did, false if it had ended before. */
async function deployUntil(scenery: ReturnType<typeof scene>, death: Death): Promise<boolean> {
  const client = mortalClient(scenery.target, death);
  const ended = deploy({ ...scenery.request, target: client.target });
  return (await Promise.race([client.died, ended])) === 'died';
}

/** Every death that a client can die on its way through a scenario, until it gets to the end. */
async function eachDeath(
  t: ExecutionContext,
  _given: Given,
  see: (death: Death) => Promise<boolean>,
) {
  let deaths = 0;
  for (let at = 0; ; at += 1) {
    for (const arrives of [false, true]) {
      if (!(await see({ at, arrives }))) {
        t.true(deaths > 15, `${deaths} deaths`);
        return;
      }
      deaths += 1;
    }
  }
}

for (const [what, given] of Object.entries(scenarios)) {
  test(`killed client – ${what}, dead at each round trip – the next one ends it as if nobody had died`, async (t) => {
    t.timeout(120_000);
    const undisturbed = scene(given);
    await deploy(undisturbed.request);
    const whole = leftBy(undisturbed);
    const untouched = leftBy(scene(given));

    await eachDeath(t, given, async (death) => {
      const scenery = scene(given);
      const died = await deployUntil(scenery, death);
      if (!died) return false;
      const started = scenery.clock.seconds();
      await resolveDead({ ...scenery.request, waitSeconds: 75 });
      const left = leftBy(scenery);
      const at = `round trip ${death.at}, ${death.arrives ? 'arrived' : 'lost'}`;
      // Without a record nothing was applied; what holds the Lease then is let go by its age alone.
      if (left.states.length === untouched.states.length) {
        t.deepEqual({ ...left, holder: undefined }, untouched, at);
      } else {
        t.deepEqual(left, whole, at);
        t.true(scenery.clock.seconds() - started < 75 + 100, at);
      }
      return true;
    });
  });
}

test('killed client – whoever comes after it dies too, at any round trip – the third one ends it', async (t) => {
  t.timeout(240_000);
  const given = scenarios['a critical service crashes'] as Given;
  const undisturbed = scene(given);
  await deploy(undisturbed.request);
  const whole = leftBy(undisturbed);
  let runs = 0;
  // Deaths after the record is written, in steps that share no factor, so that the pairs are spread.
  for (let first = 6; first < 40; first += 5) {
    for (let second = 1; second < 40; second += 3) {
      const scenery = scene(given);
      if (!(await deployUntil(scenery, { at: first, arrives: true }))) break;
      const client = mortalClient(scenery.target, { at: second, arrives: second % 2 === 0 });
      const resolved = resolveDead({ ...scenery.request, target: client.target, waitSeconds: 75 });
      await Promise.race([client.died, resolved]);
      await resolveDead({ ...scenery.request, waitSeconds: 75 });
      t.deepEqual(leftBy(scenery), whole, `deaths at ${first} and ${second}`);
      runs += 1;
    }
  }
  t.log(`${runs} pairs`);
  t.true(runs > 20);
});

test('killed client – a deploy of the next commit – ends the dead one first, then itself', async (t) => {
  const scenery = scene({ ...scenarios['all good'], request: { soakSeconds: 4 } });
  t.true(await deployUntil(scenery, { at: 5, arrives: true }));
  const said: string[] = [];
  const release = await deploy({ ...scenery.request, say: (line) => said.push(line) });
  t.is(release.state, 'verified');
  const { states, holder } = leftBy(scenery);
  t.deepEqual(
    states.map(([state]) => state),
    ['verified', 'verified', 'verified'],
  );
  t.is(holder, undefined);
  t.true(
    said.some((line) => /nobody renews its Lease/.test(line)),
    said.join('\n'),
  );
  t.true(said.some((line) => /has no end: taking it there/.test(line)));
});
