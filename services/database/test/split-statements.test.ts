import test from 'ava';
import { splitStatements } from '../src/split-statements.ts';

test('split-statements – semicolons in quotes and comments – end no statement', (t) => {
  const text = `-- first; comment
    INSERT INTO a VALUES ('x;''y\\';', "b;", \`c;\`); # tail;
    /* a; b */ SELECT 1 - -1--1;`;

  t.deepEqual(splitStatements(text), [
    `INSERT INTO a VALUES ('x;''y\\';', "b;", \`c;\`)`,
    'SELECT 1 - -1--1',
  ]);
});

test('split-statements – versioned comments – stay, being code', (t) => {
  t.deepEqual(splitStatements('A /*!80003 SRID 0 */ /*M! B */ /* C */;'), [
    'A /*!80003 SRID 0 */ /*M! B */',
  ]);
});

test('split-statements – a quote or statement without an end – is refused', (t) => {
  t.throws(() => splitStatements("SELECT 'a;"), { message: /never closed/ });
  t.throws(() => splitStatements('SELECT 1; SELECT 2'), { message: /no semicolon: SELECT 2/ });
});
