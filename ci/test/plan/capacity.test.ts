import test from 'ava';
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
  critical: false,
  lasting: 0,
  surge: 1,
  ...more,
});

const said = (rooms: readonly Room[], wanted: readonly NewPods[]) =>
  judgeCapacity(rooms, wanted).obstacles.map(({ code, message }) => `${code} ${message}`);

test('capacity – one that fits nowhere by itself – an obstacle with the figures', (t) => {
  t.deepEqual(said([room(90), room(80)], [pods('a', 100)]), [
    'NO_ROOM a: no node has room for its new pod beside the old: it counts for 50m CPU and 100Mi, ip-10-0-0-1 has 2000m CPU and 90Mi left, ip-10-0-0-1 has 2000m CPU and 80Mi left.\nFree it on the node, or lower the requests in k8s/base.',
  ]);
});

test('capacity – pods that stay – must all fit', (t) => {
  const [first, ...others] = said([room(250)], [pods('a', 100, { lasting: 3, surge: 0 })]);
  t.regex(first ?? '', /^NO_ROOM a: no node has room for its 3 new pods: each counts for/);
  t.deepEqual(others, []);
});

test('capacity – no CPU left, no place left, no node at all – obstacles too', (t) => {
  for (const rooms of [[room(500, { cpu: 0.04 })], [room(500, { pods: 0 })], []]) {
    t.regex(said(rooms, [pods('a', 100)])[0] ?? '', /^NO_ROOM a: /);
  }
});

test('capacity – nothing rolls – nothing to say, however full the node', (t) => {
  t.deepEqual(judgeCapacity([room(-10)], [pods('a', 100, { surge: 0 })]), {
    obstacles: [],
    waves: [],
  });
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
