import test from 'ava';
import type { AddressEnd, PodEnd } from './endpoint.ts';
import { isAllowed } from './is-allowed.ts';
import type { LabelSelector } from './label-selector.ts';
import type { NetworkPolicy, Protocol } from './network-policy.ts';

const pod = (labels: Readonly<Record<string, string>>, namespace = 'here'): PodEnd => ({
  is: 'pod',
  namespace,
  labels,
  address: '10.42.0.9',
  ports: { http: 8080 },
});
const a = pod({ app: 'a' });
const b = pod({ app: 'b' });
const outside = (address: string): AddressEnd => ({ is: 'address', address });
const node = { is: 'node' } as const;

const policy = (spec: NetworkPolicy['spec'], namespace = 'here'): NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'p', namespace },
  spec,
});
const all: LabelSelector = {};
const app = (name: string): LabelSelector => ({ matchLabels: { app: name } });

type End = Parameters<typeof isAllowed>[1]['from'];
const passes = (
  policies: readonly NetworkPolicy[],
  from: End,
  to: End,
  port = 8080,
  protocol: Protocol = 'TCP',
): boolean => isAllowed(policies, { from, to, port, protocol });

test('isAllowed – no policy – all passes', (t) => {
  t.true(passes([], a, b));
  t.true(passes([], outside('203.0.113.5'), a));
});

test('isAllowed – a policy without rules – lets nothing in and everything out', (t) => {
  const deny = [policy({ podSelector: app('a'), policyTypes: ['Ingress'] })];
  t.false(passes(deny, b, a));
  t.true(passes(deny, a, b));
  t.true(passes(deny, a, outside('203.0.113.5')));
});

test('isAllowed – no policyTypes – means Ingress, and Egress only with egress rules', (t) => {
  t.true(passes([policy({ podSelector: all })], a, outside('203.0.113.5')));
  t.true(passes([policy({ podSelector: all, egress: [] })], a, outside('203.0.113.5')));
  const dns = [policy({ podSelector: all, egress: [{ ports: [{ port: 53 }] }] })];
  t.false(passes(dns, a, outside('203.0.113.5')));
  t.true(passes(dns, a, outside('203.0.113.5'), 53));
  t.false(passes(dns, outside('203.0.113.5'), a));
});

test('isAllowed – several policies – allow together what each allows', (t) => {
  const deny = policy({ podSelector: all, policyTypes: ['Ingress'] });
  const open = policy({ podSelector: app('a'), ingress: [{ from: [{ podSelector: app('b') }] }] });
  t.true(passes([deny, open], b, a));
  t.true(passes([open, deny], b, a));
  t.false(passes([deny, open], a, b));
});

test('isAllowed – both ends isolated – it takes a rule at each', (t) => {
  const deny = policy({ podSelector: all, policyTypes: ['Ingress', 'Egress'] });
  const out = policy({ podSelector: app('a'), egress: [{ to: [{ podSelector: app('b') }] }] });
  const into = policy({ podSelector: app('b'), ingress: [{ from: [{ podSelector: app('a') }] }] });
  t.false(passes([deny, out], a, b));
  t.false(passes([deny, into], a, b));
  t.true(passes([deny, out, into], a, b));
});

test('isAllowed – a policy of another namespace – concerns neither its pods nor its peers', (t) => {
  const elsewhere = policy({ podSelector: all, policyTypes: ['Ingress'] }, 'elsewhere');
  t.true(passes([elsewhere], b, a));
  const open = policy({ podSelector: all, ingress: [{ from: [{ podSelector: app('b') }] }] });
  t.true(passes([open], b, a));
  t.false(passes([open], pod({ app: 'b' }, 'elsewhere'), a));
});

test('isAllowed – namespaceSelector and podSelector in one peer – both must hold; in two, either', (t) => {
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } };
  const both = [{ namespaceSelector, podSelector: app('b') }];
  const either = [{ namespaceSelector }, { podSelector: app('b') }];
  const far = { a: pod({ app: 'a' }, 'elsewhere'), b: pod({ app: 'b' }, 'elsewhere') };
  const open = (from: typeof either | typeof both) =>
    [policy({ podSelector: all, ingress: [{ from }] })] as const;
  t.deepEqual(
    [far.a, far.b, b].map((from) => passes(open(both), from, a)),
    [false, true, false],
  );
  t.deepEqual(
    [far.a, far.b, b].map((from) => passes(open(either), from, a)),
    [true, true, true],
  );
});

test('isAllowed – an empty namespaceSelector – takes in all namespaces and no address', (t) => {
  const open = [policy({ podSelector: all, ingress: [{ from: [{ namespaceSelector: {} }] }] })];
  t.true(passes(open, pod({}, 'elsewhere'), a));
  t.false(passes(open, outside('10.42.0.9'), a));
});

test('isAllowed – an empty rule, or one with empty lists – allows everybody every port', (t) => {
  for (const rule of [{}, { from: [] }, { from: [], ports: [] }]) {
    const open = [policy({ podSelector: all, ingress: [rule] })];
    t.true(passes(open, outside('203.0.113.5'), a, 1, 'UDP'));
  }
});

test('isAllowed – ipBlock – takes in its range without the exceptions, by family', (t) => {
  const to = [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16', '10.0.0.0/8'] } }];
  const open = [policy({ podSelector: all, egress: [{ to }] })];
  t.true(passes(open, a, outside('203.0.113.5')));
  t.false(passes(open, a, outside('169.254.169.254')));
  t.false(passes(open, a, outside('2001:db8::1')));
  t.false(passes(open, a, b), 'pods have addresses too');
  const v6 = [
    policy({ podSelector: all, egress: [{ to: [{ ipBlock: { cidr: '2001:db8::/32' } }] }] }),
  ];
  t.true(passes(v6, a, outside('2001:db8::1')));
  t.false(passes(v6, a, outside('2001:db9::1')));
});

test('isAllowed – ports – by number, range, name of the asked pod, and protocol', (t) => {
  const on = (...ports: { port?: number | string; endPort?: number; protocol?: Protocol }[]) => [
    policy({ podSelector: all, ingress: [{ ports }] }),
  ];
  t.true(passes(on({ port: 8080 }), b, a));
  t.false(passes(on({ port: 8081 }), b, a));
  t.true(passes(on({ port: 8000, endPort: 8080 }), b, a));
  t.false(passes(on({ port: 8000, endPort: 8079 }), b, a));
  t.true(passes(on({ port: 'http' }), b, a));
  t.false(passes(on({ port: 'http' }), b, a, 8081));
  t.false(passes(on({ port: 'metrics' }), b, a));
  t.true(passes(on({ protocol: 'UDP' }), b, a, 9, 'UDP'));
  t.false(passes(on({ protocol: 'UDP', port: 8080 }), b, a));
  const named = [policy({ podSelector: all, egress: [{ ports: [{ port: 'http' }] }] })];
  t.false(passes(named, a, outside('203.0.113.5')), 'an address has no named ports');
});

test('isAllowed – set-based selectors – hold as Kubernetes says', (t) => {
  const of = (operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist', ...values: string[]) => [
    policy({
      podSelector: { matchExpressions: [{ key: 'app', operator, values }] },
      policyTypes: ['Ingress'],
    }),
  ];
  const isolated = (policies: readonly NetworkPolicy[], to: PodEnd) => !passes(policies, b, to);
  const bare = pod({});
  t.deepEqual(
    [a, bare].map((to) => isolated(of('In', 'a', 'c'), to)),
    [true, false],
  );
  t.deepEqual(
    [a, bare].map((to) => isolated(of('NotIn', 'a'), to)),
    [false, true],
  );
  t.deepEqual(
    [a, bare].map((to) => isolated(of('Exists'), to)),
    [true, false],
  );
  t.deepEqual(
    [a, bare].map((to) => isolated(of('DoesNotExist'), to)),
    [false, true],
  );
});

test('isAllowed – the pod itself and its node – always pass', (t) => {
  const deny = [policy({ podSelector: all, policyTypes: ['Ingress', 'Egress'] })];
  t.true(passes(deny, a, a));
  t.true(passes(deny, node, a));
  t.true(passes(deny, a, node));
  t.false(passes(deny, outside('10.0.0.1'), a));
});
