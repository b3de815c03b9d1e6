import type { Path } from './path.ts';

/** Where people write what they like, secrets among it: such a value is never shown. */
const freeText: ReadonlySet<string> = new Set([
  'data',
  'stringData',
  'binaryData',
  'annotations',
  'args',
  'command',
]);

/** Annotations that the pipeline itself writes. */
const ownAnnotation = 'whatsthecraic.run.place/';

const longest = 160;

/** A value as a plan shows it; undefined for a whole object or list, and for what may be secret. */
export function shown(path: Path, value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string' || mayBeSecret(path)) return undefined;
  return value.length > longest ? `${value.slice(0, longest)}…` : value;
}

function mayBeSecret(path: Path): boolean {
  const fields = path.filter((step) => typeof step === 'string');
  if (fields.at(-1)?.startsWith(ownAnnotation)) return false;
  // The value of an environment variable, whichever way it is called.
  if (fields.includes('env') && fields.at(-1) === 'value') return true;
  return fields.some((field) => freeText.has(field));
}
