import { patienceSeconds } from '../../../src/rollout/settle.ts';
import { codeMeanings, type VerdictCode } from '../../../src/rollout/verdict-codes.ts';
import { kebab, withoutIt } from './command-line.ts';
import type { ModuleArgument, ModuleDescription } from './introspect.ts';

const begin = '<!-- from the help texts in ci/src/index.ts: begin -->';
const end = '<!-- end -->';
const verdictsBegin = '<!-- from ci/src/rollout/verdict-codes.ts: begin -->';

/** The page with its tables made anew from what the module says of itself. */
export function withTables(page: string, module: ModuleDescription): string {
  return between(between(page, begin, tables(module)), verdictsBegin, verdictTable());
}

function between(page: string, start: string, content: string): string {
  const from = page.indexOf(start);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/module.md lacks ${start} or ${end}`);
  return `${page.slice(0, from + start.length)}\n\n${content}\n\n${page.slice(to)}`;
}

const verdictTable = (): string =>
  table(
    ['verdict', 'what it says', 'what proves it', 'certain', 'what to do'],
    Object.entries(codeMeanings).map(([name, { says, proof, cure = '' }]) => [
      code(name),
      says,
      proof,
      certainty(name as VerdictCode),
      cure,
    ]),
  );

const certainty = (name: VerdictCode): string => {
  const seconds = patienceSeconds[name];
  return seconds === undefined ? '' : `after ${seconds} s at the latest`;
};

const tables = (module: ModuleDescription): string =>
  [functionTable(module), argumentTable(module)].join('\n\n');

function functionTable({ functions }: ModuleDescription): string {
  const rows = functions.map((it) => [
    code(kebab(it.name)),
    it.returns === 'string' ? 'text' : it.returns,
    it.description,
  ]);
  return table(['function', 'gives', 'what it does'], rows);
}

/** One row an argument: the same name means the same everywhere. */
function argumentTable({ functions }: ModuleDescription): string {
  const rows = new Map<string, readonly string[]>();
  // The function with most arguments says best what they are for.
  const order = functions.toSorted((a, b) => b.arguments.length - a.arguments.length);
  for (const { name, type, description } of order.flatMap((it) => it.arguments)) {
    const takers = functions.flatMap((it) => {
      const taken = it.arguments.find((argument) => argument.name === name);
      return taken ? [{ by: kebab(it.name), unless: defaultOf(taken) }] : [];
    });
    const by = takers.length === functions.length ? 'all' : takers.map((it) => it.by).join(', ');
    const row = [code(`--${kebab(name)}`), type, defaults(takers), by, description];
    if (!rows.has(name)) rows.set(name, row);
  }
  return table(['argument', 'type', 'unless given', 'taken by', 'what it is'], [...rows.values()]);
}

function defaults(takers: readonly { by: string; unless: string }[]): string {
  const [first = '', ...others] = new Set(takers.map((it) => it.unless));
  if (others.length === 0) return first;
  const told = takers.filter((it) => it.unless !== '');
  return told.map((it) => `${it.unless} for ${it.by}`).join(', ');
}

function defaultOf(argument: ModuleArgument): string {
  if (argument.defaultPath) return 'the checkout';
  const value = withoutIt(argument);
  if (value === undefined) return 'required';
  return value === '' ? '' : code(value);
}

const code = (text: string): string => `\`${text}\``;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map(cell).join(' | ')} |`)
    .join('\n');

const cell = (text: string): string =>
  text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '\\<');
