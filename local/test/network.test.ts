import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  claimNetwork,
  forgetNetwork,
  freeBlocks,
  knownNetwork,
  networkOf,
  removeLink,
} from '../network.ts';
import { run } from '../run.ts';
import { type Instance, instance } from '../state.ts';

async function temporaryInstances(t: ExecutionContext, names: string[]): Promise<Instance[]> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-network-'));
  const instances = names.map((name) => instance(name, { XDG_STATE_HOME: folder }));
  t.teardown(async () => {
    for (const own of instances) await removeLink(own);
    await rm(folder, { recursive: true, force: true });
  });
  return instances;
}

const hasLink = async (name: string) => (await run(['ip', '-o', 'link'])).includes(` ${name}@`);

test('free blocks – nothing in use – all, each within its own /16', (t) => {
  const blocks = freeBlocks([]);
  t.true(blocks.length > 32);
  t.is(new Set(blocks.map((block) => networkOf(block).linkName)).size, blocks.length);
  for (const { cidr, hostAddress, nodeAddress, podCidr, serviceCidr } of blocks.map(networkOf)) {
    const prefix = cidr.replace(/0\.0\/16$/, '');
    for (const part of [hostAddress, nodeAddress, podCidr, serviceCidr]) {
      t.true(part.startsWith(prefix), `${part} in ${cidr}`);
    }
  }
});

for (const [inUse, taken] of [
  ['10.90.3.4', [90]],
  ['10.90.3.4/24', [90]],
  ['10.90.0.0/15', [90, 91]],
  ['192.168.1.0/24', []],
] as const) {
  test(`free blocks – ${inUse} in use – all but ${taken.join(', ') || 'none'}`, (t) => {
    const missing = freeBlocks([]).filter((block) => !freeBlocks([inUse]).includes(block));
    t.deepEqual(missing, [...taken]);
  });
}

test('free blocks – a VPN routes all of 10/8 – those outside', (t) => {
  const cidrs = freeBlocks(['10.0.0.0/8']).map((block) => networkOf(block).cidr);
  t.true(cidrs.length > 0);
  t.true(cidrs.every((cidr) => cidr.startsWith('172.')));
});

test('free blocks – VPNs route 10/8 and 172.16/12 – none', (t) => {
  t.deepEqual(freeBlocks(['10.0.0.0/8', '172.16.0.0/12']), []);
});

test('network – a block out of range – is refused', (t) => {
  t.throws(() => networkOf(Number.NaN), { instanceOf: TypeError });
});

test('claim – two instances at the same moment – get different networks', async (t) => {
  const instances = await temporaryInstances(t, ['one', 'two']);
  const networks = await Promise.all(instances.map(claimNetwork));
  t.is(new Set(networks.map((network) => network.block)).size, 2);
  for (const [index, own] of instances.entries()) {
    t.deepEqual(await knownNetwork(own), networks[index]);
  }
});

test('claim – again after its link went – gets the network that it had', async (t) => {
  const [own] = await temporaryInstances(t, ['again']);
  if (!own) return t.fail();
  // The last that anyone else would choose, so that no one takes it meanwhile.
  const last = 114;
  await mkdir(own.stateFolder, { recursive: true });
  await writeFile(join(own.stateFolder, 'network.json'), String(last));
  for (const _ of ['first', 'again']) {
    t.is((await claimNetwork(own)).block, last);
    t.true(await hasLink(networkOf(last).linkName));
    await removeLink(own);
    t.false(await hasLink(networkOf(last).linkName));
  }
});

test('remove – another instance took the network since – leaves it its link', async (t) => {
  const [late, now] = await temporaryInstances(t, ['late', 'now']);
  if (!late || !now) return t.fail();
  const network = await claimNetwork(now);
  await claimNetwork(late);
  await removeLink(late);
  await writeFile(join(late.stateFolder, 'network.json'), String(network.block));
  await removeLink(late);
  t.true(await hasLink(network.linkName));
});

test('forget – a known network – is known no more', async (t) => {
  const [own] = await temporaryInstances(t, ['forget']);
  if (!own) return t.fail();
  await claimNetwork(own);
  await forgetNetwork(own);
  t.is(await knownNetwork(own), undefined);
});
