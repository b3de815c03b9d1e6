import test from 'ava';
import { handMade } from '../../src/plan/hand-made.ts';

const spec = (replicas: number, limit: string, env: readonly object[] = []) => ({
  spec: {
    replicas,
    template: {
      spec: {
        containers: [{ name: 'web', resources: { limits: { memory: limit } }, env }],
      },
    },
  },
});

/** An entry as Kubernetes 1.34 records it. */
const entry = (manager: string, fields: object, more: object = {}) => ({
  apiVersion: 'apps/v1',
  fieldsType: 'FieldsV1',
  fieldsV1: fields,
  manager,
  operation: 'Update',
  ...more,
});

const live = (object: object, ...managedFields: readonly object[]) => ({
  metadata: { name: 'web', managedFields },
  ...object,
});

const container = (fields: object) => ({
  'f:spec': { 'f:template': { 'f:spec': { 'f:containers': { 'k:{"name":"web"}': fields } } } },
});
const limit = container({ 'f:resources': { 'f:limits': { 'f:memory': {} } } });
const replicas = { 'f:spec': { 'f:replicas': {} } };

test('changed by hand – a field of ours that kubectl edited – named with manager, time and both values', (t) => {
  const time = '2026-11-24T19:23:29Z';
  const found = handMade({
    rendered: spec(1, '192Mi'),
    live: live(spec(1, '999Mi'), entry('kubectl-edit', limit, { time })),
    wanted: spec(1, '192Mi'),
  });
  t.deepEqual(found, [
    {
      path: 'spec.template.spec.containers[web].resources.limits.memory',
      manager: 'kubectl-edit',
      time,
      live: '999Mi',
      wanted: '192Mi',
      fate: 'refused',
    },
  ]);
});

test('changed by hand – a scale, which Kubernetes keeps no time of – named without one', (t) => {
  const scaled = entry('kubectl', replicas, { subresource: 'scale' });
  const [found] = handMade({ rendered: spec(1, 'x'), live: live(spec(3, 'x'), scaled) });
  t.is(found?.time, undefined);
  t.deepEqual([found?.live, found?.wanted, found?.fate], ['3', '1', 'refused']);
});

test('changed by hand – our own fields, equal ones, the status and a controller’s – are not', (t) => {
  const none = handMade({
    rendered: { spec: { template: spec(1, '192Mi').spec.template } },
    live: live(
      { ...spec(2, '192Mi'), status: { replicas: 2 } },
      entry('whatsthecraic', limit, { operation: 'Apply' }),
      entry('kubectl-client-side-apply', limit),
      entry(
        'kube-controller-manager',
        { 'f:status': { 'f:replicas': {} } },
        { subresource: 'status' },
      ),
      // An autoscaler owns what the manifests leave out.
      entry('kube-controller-manager', replicas, { subresource: 'scale' }),
      entry('kubectl-label', { 'f:metadata': { 'f:labels': { 'f:team': {} } } }),
    ),
  });
  t.deepEqual(none, []);
});

test('changed by hand – a variable that kubectl added – is kept, told once and without its value', (t) => {
  const added = container({
    'f:env': { 'k:{"name":"TOKEN"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
  });
  const found = handMade({
    rendered: spec(1, 'x'),
    live: live(spec(1, 'x', [{ name: 'TOKEN', value: 'hush' }]), entry('kubectl-set', added)),
  });
  t.deepEqual(found, [
    {
      path: 'spec.template.spec.containers[web].env[TOKEN]',
      manager: 'kubectl-set',
      fate: 'kept',
    },
  ]);
});

test('changed by hand – a port, whose protocol no manifest writes – is found by both', (t) => {
  const ports = (nodePort: number, more: object = {}) => ({
    spec: { ports: [{ name: 'http', port: 80, nodePort, ...more }] },
  });
  const owned = {
    'f:spec': { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:nodePort': {} } } },
  };
  const found = handMade({
    rendered: ports(30_001),
    live: live(ports(30_002, { protocol: 'TCP' }), entry('kubectl-patch', owned)),
  });
  t.deepEqual(
    found.map((it) => [it.path, it.live, it.wanted]),
    [['spec.ports[80].nodePort', '30002', '30001']],
  );
});

test('changed by hand – a value of a set, and what is gone again – is found, is not', (t) => {
  const owned = { 'f:spec': { 'f:hosts': { 'v:"a.ie"': {} }, 'f:gone': {} } };
  const found = handMade({
    rendered: { spec: {} },
    live: live({ spec: { hosts: ['a.ie', 'b.ie'] } }, entry('kubectl-edit', owned)),
  });
  t.deepEqual(
    found.map(({ path, fate }) => [path, fate]),
    [['spec.hosts["a.ie"]', 'kept']],
  );
});

test('changed by hand – with leave to adopt – is taken; what was applied client-side goes or is handed over', (t) => {
  const env = container({
    'f:env': { 'k:{"name":"OLD"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
  });
  const compared = {
    rendered: { spec: { template: spec(1, '192Mi').spec.template } },
    live: live(
      spec(2, '999Mi', [{ name: 'OLD', value: 'x' }]),
      entry('kubectl-client-side-apply', limit),
      entry('kubectl-client-side-apply', env),
      entry('kubectl-client-side-apply', replicas),
      entry('kubectl-client-side-apply', { 'f:metadata': { 'f:annotations': { 'f:last': {} } } }),
    ),
    wanted: { spec: { template: spec(1, '192Mi').spec.template } },
  };
  const fates = (more: object) =>
    handMade({ ...compared, ...more }).map(({ path, fate }) => `${path.split('.').at(-1)} ${fate}`);
  t.deepEqual(fates({}), ['memory refused', 'env[OLD] removed', 'replicas handed over']);
  t.deepEqual(fates({ adopt: true })[0], 'memory taken');
});

test('changed by hand – on an object that is replaced whole – is removed, not kept', (t) => {
  const added = { 'f:spec': { 'f:paused': {} } };
  const compared = {
    rendered: { spec: {} },
    live: live({ spec: { paused: false } }, entry('kubectl-edit', added)),
  };
  t.deepEqual(
    handMade(compared).map(({ fate }) => fate),
    ['kept'],
  );
  t.deepEqual(
    handMade({ ...compared, replaced: true }).map(({ fate }) => fate),
    ['removed'],
  );
});
