import { styleText } from 'node:util';

export type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

/** Colours for a terminal, or none: NO_COLOR and pipes are heeded. */
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (style, text) =>
    styleText(style, text, { stream });

const colours = { warn: 'yellow', error: 'red', fatal: 'red' } as const;

/** Turns a line of a service's log, JSON in a pod, into lines for people; any other stays as it is. */
export function readableLine(line: string, paint: Paint): readonly string[] {
  const record = recordOf(line);
  if (!record) return [line];
  const { level, time, service: _service, commit: _commit, msg, err, ...fields } = record;
  const clock = String(time).slice(11, 23);
  const colour = colours[level as keyof typeof colours];
  const label = colour ? paint(colour, String(level)) : String(level);
  const text = [paint('dim', clock), label, ...message(String(msg), fields)].join(' ');
  return [text, ...stackOf(err)];
}

/** A line of a log in JSON; undefined if it is another one. */
export function recordOf(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{"level":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function message(msg: string, fields: Record<string, unknown>): string[] {
  if (msg !== 'request') return [msg, ...pairs(fields)];
  const { method, route: _route, path, status, ms, ...others } = fields;
  return [`${method} ${path} ${status} in ${ms} ms`, ...pairs(others)];
}

const pairs = (fields: Record<string, unknown>): string[] =>
  Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );

/** pino's serializer of errors gives a stack, which begins with the message. */
function stackOf(err: unknown): string[] {
  if (err === undefined) return [];
  const { stack, message: said } = Object(err) as { stack?: string; message?: string };
  return (stack ?? said ?? JSON.stringify(err)).split('\n');
}
