import test from 'ava';
import { portOption, switchOption, wholeNumber } from '../option.ts';

test('portOption – a port – is the number', (t) => {
  t.deepEqual(['1', '4000', '65535'].map(portOption), [1, 4000, 65_535]);
});

for (const text of ['', ' ', 'abc', '0', '65536', '-1', '4e3', '0x10', '40.5', '4000 ', '1e999']) {
  test(`portOption – ${JSON.stringify(text)} – is refused with the range`, (t) => {
    const message = `PORT ${JSON.stringify(text)} is not possible: give a whole number from 1 to 65535`;
    t.throws(() => portOption(text), { code: 'OPTION_INVALID', message });
  });
}

test('wholeNumber – zero where it is allowed – is zero', (t) => {
  t.is(wholeNumber('--soak', '0', { min: 0, max: 3_600 }), 0);
});

test('switchOption – 1, 0, nothing, anything else – on, off, off, refused', (t) => {
  t.deepEqual(
    ['1', '0', ''].map((text) => switchOption('FRESH', text)),
    [true, false, false],
  );
  t.throws(() => switchOption('FRESH', 'yes'), {
    message: 'FRESH "yes" is not possible: give 1, or leave it out',
  });
});
