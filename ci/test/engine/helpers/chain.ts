import { importSdk } from './sdk.ts';

/** One field of a query with its arguments. */
export interface Step {
  readonly field: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What a query asks: fields one inside the other, as the SDK's client writes them. */
export type Chain = readonly Step[];

interface ValueNode {
  readonly kind: string;
  readonly value: unknown;
  readonly values: readonly ValueNode[];
  readonly fields: readonly NamedNode[];
}

interface NamedNode {
  readonly name: { readonly value: string };
  readonly value: ValueNode;
}

interface SelectionNode extends NamedNode {
  readonly kind: string;
  readonly arguments: readonly NamedNode[];
  readonly selectionSet?: { readonly selections: readonly SelectionNode[] };
}

interface GraphQl {
  parse(text: string): { readonly definitions: readonly SelectionNode[] };
}

const { parse } = await importSdk<GraphQl>('graphql');

/** Reads a query of the SDK's client, which selects exactly one path. */
export function parseQuery(query: string): Chain {
  const steps: Step[] = [];
  let selections = parse(query).definitions[0]?.selectionSet?.selections;
  while (selections) {
    const [selection, ...others] = selections;
    if (!selection || others.length > 0) throw new Error(`more than one path: ${query}`);
    if (selection.kind === 'Field') {
      steps.push({ field: selection.name.value, args: named(selection.arguments) });
    }
    selections = selection.selectionSet?.selections;
  }
  return steps;
}

const named = (nodes: readonly NamedNode[]): Record<string, unknown> =>
  Object.fromEntries(nodes.map(({ name, value }) => [name.value, literal(value)]));

function literal(node: ValueNode): unknown {
  if (node.kind === 'ListValue') return node.values.map(literal);
  if (node.kind === 'ObjectValue') return named(node.fields);
  return node.kind === 'IntValue' ? Number(node.value) : node.value;
}

/** The first step of that name; fails if there is none. */
export function step(chain: Chain, field: string): Step {
  const found = chain.find((it) => it.field === field);
  if (!found) throw new Error(`no ${field} in ${chain.map((it) => it.field).join('.')}`);
  return found;
}
