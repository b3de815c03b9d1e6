import test from 'ava';
import { entityTag, isUnchanged, versionSeen } from '../src/conditional.ts';

test('entityTag – the same text and version – is the same tag, anything else another', (t) => {
  const versioned = entityTag('a', 2);
  const tags = [entityTag('a'), entityTag('b'), entityTag('a', 1), versioned];

  t.is(new Set(tags).size, tags.length);
  t.is(entityTag('a', 2), versioned);
  t.regex(versioned, /^"2\.[\w-]{16}"$/);
});

test('isUnchanged – one of several, weak, any – is seen; none and others are not', (t) => {
  for (const header of ['"a"', '"x", "a"', 'W/"a"', '*'])
    t.true(isUnchanged(header, '"a"'), header);
  for (const header of [undefined, '', '"x"', 'a']) t.false(isUnchanged(header, '"a"'), header);
});

test('versionSeen – what was read, strong or weakened – is its version; nothing and nonsense are told apart', (t) => {
  t.is(versionSeen(entityTag('text', 12)), 12);
  t.is(versionSeen(`W/${entityTag('text', 12)}`), 12);
  t.is(versionSeen('*'), undefined);
  t.throws(() => versionSeen(undefined), { code: 'version_required' });
  for (const header of ['', '"12"', '12', '"a.b"', '"1.a", "2.b"']) {
    t.throws(() => versionSeen(header), { code: 'version_conflict' }, header);
  }
});
