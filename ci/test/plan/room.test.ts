import test from 'ava';
import { roomOn } from '../../src/plan/room.ts';

const allocatable = '{"cpu":"2","memory":"1000Mi","pods":"110"}';
const pod = (node: string, memory: string, phase = 'Running', sidecars = '') => [
  'any',
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
