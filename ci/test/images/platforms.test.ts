import test from 'ava';
import { parsePlatform, parsePlatforms } from '../../src/images/platforms.ts';

test('platforms – in any order, twice, with spaces – are one fixed list', (t) => {
  const both = ['linux/amd64', 'linux/arm64'];
  for (const given of [both, both.toReversed(), ['linux/arm64', ' linux/amd64', 'linux/arm64']]) {
    t.deepEqual([...parsePlatforms('--platforms', given)], both);
  }
  t.deepEqual([...parsePlatforms('--platforms', ['linux/arm64', 'linux/arm64'])], ['linux/arm64']);
  t.is(parsePlatform('--platform', 'linux/arm64'), 'linux/arm64');
});

test('platforms – none or one that is not built for – are refused with those that are', (t) => {
  const cases: readonly (readonly [given: string[], named: string])[] = [
    [[], '""'],
    [[''], '""'],
    [['linux/arm'], '"linux/arm"'],
    [['linux/amd64', 'arm64'], '"arm64"'],
    [['linux/arm64/v8'], '"linux/arm64/v8"'],
    [['LINUX/AMD64'], '"LINUX/AMD64"'],
    [['linux/amd64 linux/arm64'], '"linux/amd64 linux/arm64"'],
  ];
  for (const [given, named] of cases) {
    const error = t.throws(() => parsePlatforms('--platforms', given), {
      code: 'ARGUMENT_INVALID',
    });
    t.is(
      error?.message,
      `--platforms ${named} is not possible.\nPossible are linux/amd64 and linux/arm64.\ncode: ARGUMENT_INVALID`,
    );
  }
});
