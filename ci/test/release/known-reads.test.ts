import test from 'ava';
import { stillKnown } from '../../src/release/known-reads.ts';
import { noLease } from '../../src/release/lease.ts';

const calls = [{ args: ['get', 'pods'] }];
const outputs = [{ exitCode: 0, stdout: 'a pod', stderr: '' }];
const known = { version: '7', at: 1_000, calls, outputs };
const free = { ...noLease, version: '7' };

test('stillKnown – nobody has held the Lease since, seconds ago – known', (t) => {
  t.is(stillKnown(known, [{ args: ['get', 'pods'] }], { lease: free, now: 31_000 }), outputs);
  const never = { ...known, version: '' };
  t.is(stillKnown(never, calls, { lease: noLease, now: 1_000 }), outputs);
});

test('stillKnown – the Lease was held meanwhile, or still is – asked again', (t) => {
  t.is(stillKnown(known, calls, { lease: { ...free, version: '9' }, now: 2_000 }), undefined);
  t.is(stillKnown(known, calls, { lease: { ...free, holder: 'a' }, now: 2_000 }), undefined);
});

test('stillKnown – read long ago, of other objects, or never – asked again', (t) => {
  t.is(stillKnown(known, calls, { lease: free, now: 31_001 }), undefined);
  t.is(stillKnown(known, [...calls, ...calls], { lease: free, now: 2_000 }), undefined);
  t.is(stillKnown(undefined, calls, { lease: free, now: 2_000 }), undefined);
});
