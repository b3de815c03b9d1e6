import { AwsError } from './errors.ts';

/** The body of a call: a JSON object whose members have not been looked at yet. */
export type Input = Readonly<Record<string, unknown>>;

export function parseInput(body: Buffer): Input {
  let value: unknown;
  try {
    value = body.length === 0 ? {} : JSON.parse(body.toString('utf8'));
  } catch {
    throw serialization('The request body is not valid JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw serialization('Start of structure or map found where not expected.');
  }
  return value as Input;
}

export function text(input: Input, member: string): string | undefined {
  return typed(input, member, 'string', (value) => typeof value === 'string');
}

export function integer(input: Input, member: string): number | undefined {
  return typed(input, member, 'integer', (value) => Number.isInteger(value));
}

export function flag(input: Input, member: string): boolean | undefined {
  return typed(input, member, 'boolean', (value) => typeof value === 'boolean');
}

export function texts(input: Input, member: string): readonly string[] | undefined {
  return typed(input, member, 'list of strings', isTexts);
}

export function objects(input: Input, member: string): readonly Input[] | undefined {
  return typed(
    input,
    member,
    'list of structures',
    (value) => Array.isArray(value) && value.every(isObject),
  );
}

export function textLists(input: Input, member: string): Record<string, string[]> | undefined {
  return typed(
    input,
    member,
    'map of lists of strings',
    (value) => isObject(value) && Object.values(value).every(isTexts),
  );
}

function typed<T>(
  input: Input,
  member: string,
  type: string,
  is: (value: unknown) => boolean,
): T | undefined {
  const value = input[member] ?? undefined;
  if (value === undefined) return undefined;
  if (!is(value))
    throw serialization(`The member '${member}' is not of the expected type: ${type}.`);
  return value as T;
}

const isTexts = (value: unknown) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const serialization = (message: string) => new AwsError('SerializationException', message);
