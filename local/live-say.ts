import { createLogUpdate } from 'log-update';
import { services } from '../ci/src/services.ts';
import { createSay } from './say.ts';

/** What a live display needs of a terminal. */
export interface Terminal extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export interface LiveSay {
  readonly say: (text: string) => void;
  /** Ends the display; what it showed of the services is gone, for the table that follows says more. */
  readonly end: () => void;
}

const width = Math.max(...services.map(({ name }) => name.length));
const own: ReadonlySet<string> = new Set(services.map(({ name }) => name));

/**
 * Says how the work goes: on a terminal a line about a service, which begins with its name, takes the
 * place of the one before it, below all others; anywhere else each is a line of its own.
 */
export function createLiveSay(
  terminal: Terminal = process.stdout,
  { now = () => performance.now() }: { readonly now?: () => number } = {},
): LiveSay {
  const plain = createSay((line) => terminal.write(`${line}\n`));
  if (!terminal.isTTY) return { say: plain, end: () => undefined };

  const live = createLogUpdate(terminal as NodeJS.WriteStream, { showCursor: true });
  const kept = createSay((line) => live.persist(line));
  const lines = new Map<string, { readonly text: string; readonly since: number }>();
  const draw = () => {
    const room = (terminal.columns ?? 80) - 1;
    const rows = services.flatMap(({ name }) => {
      const line = lines.get(name);
      if (!line) return [];
      const seconds = Math.round((now() - line.since) / 1_000);
      return [
        shorten(`${name.padEnd(width)}  ${String(seconds).padStart(3)} s  ${line.text}`, room),
      ];
    });
    live(rows.join('\n'));
  };
  const timer = setInterval(() => lines.size > 0 && draw(), 1_000).unref();
  return {
    say(text) {
      const [, name = '', rest = ''] = /^([a-z-]+): (.*)$/s.exec(text) ?? [];
      if (own.has(name)) lines.set(name, { text: rest.split('\n', 1)[0] ?? '', since: now() });
      else kept(text);
      draw();
    },
    end() {
      clearInterval(timer);
      live.clear();
    },
  };
}

const shorten = (text: string, room: number): string =>
  text.length > room ? `${text.slice(0, room - 1)}…` : text;
