import { BlockList } from 'node:net';
import test from 'ava';
import { services } from '../../../ci/src/services.ts';
import { freeBlocks, networkOf } from '../../../local/network.ts';
import { SOURCES_PORT } from '../../../local/sources/index.ts';
import { overlay, overlays } from '../helpers/overlays.ts';
import { eachSetting, settingsOf } from '../helpers/settings.ts';
import { flowCheck } from './flow-check.ts';
import { flows, withDatabase } from './flows.ts';
import { isNetworkPolicy } from './network-policy.ts';
import { weakened } from './weakened.ts';

for (const [name, objects] of overlays) {
  const policies = objects.filter(isNetworkPolicy);
  const wrongFlows = flowCheck(name, objects);

  test(`${name} – its network policies – let pass what the table says, and nothing else`, (t) => {
    t.true(policies.length > 0);
    t.deepEqual(wrongFlows(policies), []);
  });

  for (const policy of policies) {
    test(`${name} – without the policy ${policy.metadata.name} – the table is broken`, (t) => {
      const others = policies.filter((other) => other !== policy);
      t.true(wrongFlows(others).length > 0);
    });
  }
}

// Whatever is taken out of a policy: a rule, a peer, a port, an exception, a part of a selector.
const policiesOf = (name: string) => overlay(name).filter(isNetworkPolicy);
const wrongInProduction = flowCheck('production', overlay('production'));
for (const { what, policies } of weakened(policiesOf('production'))) {
  test(`production – ${what} – the table is broken`, (t) => {
    t.true(wrongInProduction(policies).length > 0);
  });
}

// Another overlay's own policies in the same way.
const common = policiesOf('production').map(({ metadata }) => metadata.name);
const wrongInLocal = flowCheck('local', overlay('local'));
const localOnly = policiesOf('local').filter(({ metadata }) => !common.includes(metadata.name));
const others = policiesOf('local').filter((policy) => !localOnly.includes(policy));
for (const { what, policies } of weakened(localOnly)) {
  test(`local – ${what} – the table is broken`, (t) => {
    t.true(wrongInLocal([...others, ...policies]).length > 0);
  });
}

test('flows – the stand-ins of make up – are allowed on their port, wherever its network comes to lie', (t) => {
  const [policy, ...more] = localOnly;
  t.deepEqual(more, []);
  const [{ to = [], ports = [] } = {}] = policy?.spec.egress ?? [];
  t.deepEqual(
    ports.map(({ port }) => port),
    [SOURCES_PORT],
  );
  const allowed = new BlockList();
  for (const { ipBlock } of to) {
    const [base = '', bits] = ipBlock?.cidr.split('/') ?? [];
    allowed.addSubnet(base, Number(bits));
  }
  const hosts = freeBlocks([]).map((block) => networkOf(block).hostAddress);
  t.true(hosts.length > 30);
  t.deepEqual(
    hosts.filter((address) => !allowed.check(address)),
    [],
  );
});

test('flows – the database – is for the services whose settings name one', async (t) => {
  const found: string[] = [];
  for (const { name } of services) {
    const variables = eachSetting(await settingsOf(name)).map(({ variable }) => variable);
    if (variables.includes('DB_HOST')) found.push(name);
  }
  t.deepEqual(found.toSorted(), withDatabase.toSorted());
});

test('flows – from one service to another – are those whose settings name a URL', async (t) => {
  const found: string[] = [];
  for (const { name } of services) {
    for (const { variable } of eachSetting(await settingsOf(name))) {
      const [, other] = /^(\w+)_SERVICE_URL$/.exec(variable) ?? [];
      if (other) found.push(`${name} ${other.toLowerCase()}-service`);
    }
  }
  const names: readonly string[] = services.map(({ name }) => name);
  const between = flows
    .filter(({ passes, port }) => passes && port === 'http')
    .flatMap(({ from, to }) => from.flatMap((one) => to.map((other) => [one, other] as const)))
    .filter(([one, other]) => names.includes(one) && names.includes(other));
  t.deepEqual(between.map((pair) => pair.join(' ')).toSorted(), found.toSorted());
});
