import { services } from '../../ci/src/services.ts';
import { type Paint, readableLine } from './readable-line.ts';

export interface Printer {
  /** A line of a service's own output, or of the ingestion's. */
  readonly service: (name: string, line: string) => void;
  /** What happens to the services. */
  readonly say: (text: string) => void;
}

const own = 'dev';
const names = [...services.map(({ name }) => name), 'ingest'];
const width = Math.max(...names.map((name) => name.length));
const colours = ['cyan', 'green', 'magenta', 'blue', 'cyanBright', 'magentaBright'] as const;

/** Prints whole lines, each behind the name of whose it is. */
export function createPrinter(paint: Paint, write: (line: string) => void): Printer {
  const heads = new Map(
    names.map((name, index) => [name, head(paint, name, colours[index] ?? 'cyan')]),
  );
  const ownHead = head(paint, own, 'bold');
  return {
    service: (name, line) => {
      for (const text of readableLine(line, paint)) write(`${heads.get(name)} ${text}`);
    },
    say: (text) => {
      for (const line of text.split('\n')) write(`${ownHead} ${line}`);
    },
  };
}

const head = (paint: Paint, name: string, colour: Parameters<Paint>[0]): string =>
  paint(colour, `${name.padEnd(width)} |`);
