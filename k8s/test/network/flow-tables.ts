import {
  type Flow,
  flows,
  outsidePods,
  own,
  type Place,
  places,
  six,
  withDatabase,
} from './flows.ts';

const begin = '<!-- from k8s/test/network/flows.ts: begin -->';
const end = '<!-- end -->';

/** The page with its tables made anew from the flows. */
export function withFlowTables(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`docs/network.md lacks ${begin} or ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${tables()}\n\n${page.slice(to)}`;
}

const tables = (): string =>
  [
    'These pass:',
    table(flows.filter(({ passes, overlay }) => passes && !overlay)),
    'These pass where `make up` brings the platform, by the overlay `local`, and nowhere else:',
    table(flows.filter(({ passes, overlay }) => passes && overlay)),
    'These do not, among all others:',
    table(flows.filter(({ passes }) => !passes)),
  ].join('\n\n');

const table = (rows: readonly Flow[]): string =>
  [
    '| from | to | port | why |',
    '| --- | --- | --- | --- |',
    ...rows.map(({ from, to, port, protocol = 'TCP', why }) =>
      line(names(from), names(to), typeof port === 'number' ? `${protocol} ${port}` : port, why),
    ),
  ].join('\n');

const line = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

/** The larger group comes before those that it holds. */
const groups: readonly { readonly name: string; readonly of: readonly Place[] }[] = [
  { name: 'every pod of the namespace', of: own },
  { name: 'all six services', of: six },
  { name: 'the five with a database', of: withDatabase },
  { name: 'pods of other namespaces', of: outsidePods },
];

function names(all: readonly Place[]): string {
  let rest = all;
  const found: string[] = [];
  for (const { name, of } of groups) {
    if (!of.every((place) => rest.includes(place))) continue;
    found.push(name);
    rest = rest.filter((place) => !of.includes(place));
  }
  return [...found, ...rest.map((place) => places[place])].join(', ');
}
