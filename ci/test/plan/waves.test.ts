import test from 'ava';
import fc from 'fast-check';
import type { NewPods, Room } from '../../src/plan/capacity.ts';
import { packWaves } from '../../src/plan/waves.ts';

const room = (memory: number): Room => ({ node: 'n', free: { cpu: 2, memory, pods: 100 } });
const pods = (service: string, memory: number, more: Partial<NewPods> = {}): NewPods => ({
  service,
  critical: false,
  requests: { cpu: 0.05, memory, pods: 1 },
  lasting: 0,
  surge: 1,
  ...more,
});
const critical = (service: string, memory: number) => pods(service, memory, { critical: true });
const wavesOf = (memory: number, ...wanted: readonly NewPods[]) =>
  packWaves([room(memory)], wanted).waves;

/** The seed's requests on its node: 544 Mi of new pods. */
const platform = [
  ...[critical('aggregator', 96), critical('auth-service', 64), critical('events-service', 128)],
  ...[pods('dj-service', 64), pods('venue-service', 64), pods('ml-service', 128)],
];

test('waves – room for all at once – is one', (t) => {
  const [first, ...others] = wavesOf(544, ...platform);
  t.is(first?.length, 6);
  t.deepEqual(others, []);
});

test('waves – room for the critical ones together – they go first, the others as they fit', (t) => {
  t.deepEqual(wavesOf(300, ...platform), [
    ['events-service', 'aggregator', 'auth-service'],
    ['ml-service', 'dj-service', 'venue-service'],
  ]);
});

test('waves – room for one or two – no other service goes before the last critical one', (t) => {
  t.deepEqual(wavesOf(200, ...platform), [
    ['events-service', 'auth-service'],
    ['aggregator', 'dj-service'],
    ['ml-service', 'venue-service'],
  ]);
});

test('waves – new pods that stay – leave less for the next', (t) => {
  const stays = pods('a', 100, { lasting: 1, surge: 0 });
  t.deepEqual(wavesOf(190, stays, pods('b', 95)), [['a']]);
  t.deepEqual(
    packWaves([room(190)], [stays, pods('b', 95)]).stuck.map(({ service }) => service),
    ['b'],
  );
});

const anyPods = fc.record({
  service: fc.string({ minLength: 1, maxLength: 4 }),
  critical: fc.boolean(),
  requests: fc.record({
    cpu: fc.double({ min: 0, max: 1, noNaN: true }),
    memory: fc.nat(100),
    pods: fc.constant(1),
  }),
  lasting: fc.nat(2),
  surge: fc.nat(2),
});
const anyServices = fc.uniqueArray(anyPods, { selector: (it) => it.service, maxLength: 7 });

test('waves – any services, any room – never hold more than fits, and name each once', (t) => {
  fc.assert(
    fc.property(anyServices, fc.nat(400), (wanted, memory) => {
      const { waves, stuck } = packWaves([room(memory)], wanted);
      const of = new Map(wanted.map((it) => [it.service, it]));
      let free = memory;
      for (const wave of waves) {
        const all = wave.map((name) => of.get(name) as NewPods);
        const taken = (count: (it: NewPods) => number) =>
          all.reduce((sum, it) => sum + it.requests.memory * count(it), 0);
        t.true(taken((it) => it.lasting + it.surge) <= free);
        free -= taken((it) => it.lasting);
      }
      const named = waves.flat();
      t.is(new Set(named).size, named.length);
      const moving = wanted.filter((it) => it.lasting + it.surge > 0);
      t.is(named.length === moving.length, stuck.length === 0);
      for (const it of stuck) t.false(named.includes(it.service));
    }),
  );
});

test('waves – the critical services – are all before or beside any other', (t) => {
  fc.assert(
    fc.property(anyServices, fc.nat(400), (wanted, memory) => {
      const { waves } = packWaves([room(memory)], wanted);
      const isCritical = (name: string) => wanted.some((it) => it.service === name && it.critical);
      const last = waves.findLastIndex((wave) => wave.some(isCritical));
      const first = waves.findIndex((wave) => wave.some((name) => !isCritical(name)));
      t.true(first < 0 || last < 0 || first >= last);
    }),
  );
});

test('waves – in any order, and with more room – are the same, and never more', (t) => {
  fc.assert(
    fc.property(anyServices, fc.nat(400), (wanted, memory) => {
      const packed = packWaves([room(memory)], wanted);
      t.deepEqual(packWaves([room(memory)], wanted.toReversed()), packed);
      if (packed.waves.length === 1 && packed.stuck.length === 0) {
        t.is(packWaves([room(memory + 50)], wanted).waves.length, 1);
      }
    }),
  );
});
