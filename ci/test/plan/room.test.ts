import test from 'ava';
import { roomOn } from '../../src/plan/room.ts';

const allocatable = '{"cpu":"2","memory":"1000Mi","pods":"110"}';
const pod = (node: string, memory: string, phase = 'Running', sidecars = '') => [
  'any',
  `of-${memory}`,
  node,
  phase,
  `{"requests":{"cpu":"250m","memory":"${memory}"}} {}`,
  sidecars,
];

test('room – what pods of all namespaces ask for – is taken from their node', (t) => {
  const pods = [pod('a', '100Mi'), pod('a', '50Mi', 'Pending'), pod('b', '1Mi'), pod('', '9Mi')];
  const [a] = roomOn([['a', '', '', allocatable]], pods);
  t.deepEqual(a, { node: 'a', free: { cpu: 1.5, memory: 850 * 2 ** 20, pods: 108 } });
});

test('room – pods that have ended take none, sidecars take some', (t) => {
  const sidecar = '{"requests":{"memory":"10Mi"}}';
  const pods = [
    pod('a', '9Mi', 'Succeeded'),
    pod('a', '9Mi', 'Failed'),
    pod('a', '90Mi', 'Running', sidecar),
  ];
  const [a] = roomOn([['a', '', '', allocatable]], pods);
  t.is(a?.free.memory, 900 * 2 ** 20);
});

test('room – a pod that uses more than it asked for – takes what it uses', (t) => {
  const usage = {
    pods: new Map([
      ['any/of-100Mi', 300 * 2 ** 20],
      ['any/of-50Mi', 2 ** 20],
    ]),
    available: new Map<string, number>(),
  };
  const pods = [pod('a', '100Mi'), pod('a', '50Mi')];
  t.is(roomOn([['a', '', '', allocatable]], pods, usage)[0]?.free.memory, 650 * 2 ** 20);
});

test('room – a node that runs other things besides – has no more than its kubelet says', (t) => {
  const available = new Map([['a', 20 * 2 ** 20]]);
  const [a] = roomOn([['a', '', '', allocatable]], [], { available, pods: new Map() });
  t.is(a?.free.memory, 20 * 2 ** 20);
});

test('room – nodes that take no pods of ours – are left out', (t) => {
  const taint = (effect: string, key = 'example.ie/gpu') => JSON.stringify([{ effect, key }]);
  const nodes = [
    ['cordoned', 'true', '', allocatable],
    ['tainted', '', taint('NoSchedule'), allocatable],
    ['draining', '', taint('NoExecute'), allocatable],
    ['preferred', '', taint('PreferNoSchedule'), allocatable],
    ['starting', '', taint('NoSchedule', 'node.kubernetes.io/not-ready'), allocatable],
  ];
  t.deepEqual(
    roomOn(nodes, []).map(({ node }) => node),
    ['preferred', 'starting'],
  );
});
