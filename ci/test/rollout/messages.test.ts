import { readFileSync } from 'node:fs';
import test from 'ava';
import { judgeMountWarning } from '../../src/rollout/judge-mount.ts';
import { judgePull } from '../../src/rollout/judge-pull.ts';
import { judgeRefusal } from '../../src/rollout/judge-refusal.ts';
import { judgeSchedule } from '../../src/rollout/judge-schedule.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';
import { evicted, exited, waiting } from './cluster.ts';
import { judgedPod } from './judge-rows.ts';

interface Said {
  readonly kind: keyof typeof judges;
  readonly is: `${Verdict['state']} ${Verdict['code']}`;
  readonly message: string;
  readonly source: string;
}

type Judged = Pick<Verdict, 'state' | 'code'>;

/** Judges a message where Kubernetes puts it. */
const judges = {
  pull: (text: string): Judged => judgePull('ErrImagePull', text),
  create: (text: string): Judged => judgedPod(waiting('CreateContainerError', text)),
  run: (text: string): Judged => judgedPod(waiting('RunContainerError', text)),
  config: (text: string): Judged => judgedPod(waiting('CreateContainerConfigError', text)),
  exit: (text: string): Judged => judgedPod(exited({ code: 255, message: text })),
  ended: (text: string): Judged => judgedPod(evicted(text)),
  refused: judgeRefusal,
  schedule: judgeSchedule,
  mount: (text: string): Judged => judgeMountWarning('FailedMount', text),
  sandbox: (text: string): Judged => judgeMountWarning('FailedCreatePodSandBox', text),
} as const;

const read = (file: string): Said[] =>
  readFileSync(new URL(`messages/${file}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const judged = ({ kind, message }: Said) => {
  const { state, code } = judges[kind](message);
  return `${state} ${code}`;
};

const known = read('known.jsonl');
const heldOut = read('held-out.jsonl');

for (const [index, said] of known.entries()) {
  test(`messages – known ${index + 1}, ${said.kind} – ${said.is}: ${said.message.slice(0, 50)}`, (t) => {
    t.is(judged(said), said.is);
    t.regex(said.source, /^https:\/\/github\.com\//);
  });
}

test('messages – those that nothing was tuned on – judged right', (t) => {
  const wrong = heldOut.filter((said) => judged(said) !== said.is);
  for (const said of wrong) t.log(judged(said), 'in place of', said.is, said.message.slice(0, 200));
  t.true(wrong.length / heldOut.length <= 0.1, `${wrong.length} of ${heldOut.length} wrong`);
});

test('messages – those that nothing was tuned on – what passes is never taken for certain', (t) => {
  const passing = heldOut.filter((said) => said.is.startsWith('waiting'));
  t.true(passing.length > 10);
  for (const said of passing) t.notRegex(judged(said), /^failed/, said.message);
});

test('messages – both files – a third is held out, none is in both, enough of each', (t) => {
  t.true(known.length + heldOut.length >= 120);
  t.true(heldOut.length * 3 >= known.length + heldOut.length);
  const texts = new Set(known.map((it) => it.message));
  t.false(heldOut.some((it) => texts.has(it.message)));
});
