import test from 'ava';
import fc from 'fast-check';
import { judgeCapacity, type NewPods, type Room } from '../../src/plan/capacity.ts';
import { requestsOf } from '../../src/plan/resources.ts';

const mi = 2 ** 20;
const room = (memory: number, more: Partial<Room['free']> = {}): Room => ({
  node: 'ip-10-0-0-1',
  free: { cpu: 2, memory: memory * mi, pods: 100, ...more },
});
const pods = (service: string, memory: number, more: Partial<NewPods> = {}): NewPods => ({
  service,
  requests: { cpu: 0.05, memory: memory * mi, pods: 1 },
  lasting: 0,
  surge: 1,
  ...more,
});

const codes = (rooms: readonly Room[], wanted: readonly NewPods[]) => {
  const { obstacles, warnings } = judgeCapacity(rooms, wanted);
  return [...obstacles, ...warnings].map(
    ({ code, message }) => `${code} ${message.split('\n')[0]}`,
  );
};

test('capacity – all new pods fit beside the old – nothing to say', (t) => {
  t.deepEqual(codes([room(200)], [pods('a', 100), pods('b', 100)]), []);
});

test('capacity – they fit one after another – a warning that names who waits', (t) => {
  t.deepEqual(codes([room(150)], [pods('a', 100), pods('b', 90), pods('c', 50)]), [
    'ROOM_SCARCE Not all new pods fit at once: b will wait until others have rolled.',
  ]);
});

test('capacity – one that fits nowhere by itself – an obstacle with the figures', (t) => {
  t.deepEqual(codes([room(90), room(80)], [pods('a', 100)]), [
    'NO_ROOM a: no node has room for a new pod beside the old one: it asks for 50m CPU and 100Mi, ip-10-0-0-1 has 2000m CPU and 90Mi left, ip-10-0-0-1 has 2000m CPU and 80Mi left.',
  ]);
});

test('capacity – pods that stay – must all fit', (t) => {
  const [said, ...others] = codes([room(250)], [pods('a', 100, { lasting: 3, surge: 0 })]);
  t.regex(said ?? '', /^NO_ROOM a: the nodes have no room for its 3 new pods/);
  t.deepEqual(others, []);
});

test('capacity – no CPU left, no place left, no node at all – obstacles too', (t) => {
  for (const rooms of [[room(500, { cpu: 0.04 })], [room(500, { pods: 0 })], []]) {
    t.regex(codes(rooms, [pods('a', 100)])[0] ?? '', /^NO_ROOM a: /);
  }
});

test('capacity – nothing rolls – nothing to say, however full the node', (t) => {
  t.deepEqual(codes([room(-10)], [pods('a', 100, { surge: 0 })]), []);
});

const anyPods = fc.record({
  service: fc.string({ minLength: 1, maxLength: 4 }),
  requests: fc.record({
    cpu: fc.double({ min: 0, max: 1, noNaN: true }),
    memory: fc.nat(100),
    pods: fc.constant(1),
  }),
  lasting: fc.nat(3),
  surge: fc.nat(2),
});

test('capacity – any services in any order – the same verdict, and more room is never worse', (t) => {
  const wanted = fc.uniqueArray(anyPods, { selector: (it) => it.service, maxLength: 6 });
  fc.assert(
    fc.property(wanted, fc.nat(400), fc.nat(100), (all, memory, more) => {
      const free = (extra: number) => [
        { node: 'n', free: { cpu: 2, memory: memory + extra, pods: 9 } },
      ];
      const found = judgeCapacity(free(0), all);
      t.deepEqual(judgeCapacity(free(0), all.toReversed()), found);
      const roomier = judgeCapacity(free(more), all);
      if (found.obstacles.length + found.warnings.length === 0) {
        t.deepEqual(roomier, { obstacles: [], warnings: [] });
      }
    }),
  );
});

test('requests of a pod – containers, sidecars and init containers – as the scheduler counts them', (t) => {
  const asks = (memory: string, more: object = {}) => ({
    resources: { requests: { cpu: '100m', memory } },
    ...more,
  });
  t.deepEqual(requestsOf({ containers: [asks('10Mi'), asks('20Mi'), {}] }), {
    cpu: 0.2,
    memory: 30 * mi,
    pods: 1,
  });
  const initContainers = [asks('5Mi', { restartPolicy: 'Always' }), asks('40Mi')];
  t.is(requestsOf({ containers: [asks('10Mi')], initContainers }).memory, 40 * mi);
  t.is(requestsOf({ containers: [asks('60Mi')], initContainers }).memory, 65 * mi);
});
