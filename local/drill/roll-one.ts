import { changeContainer } from './change-container.ts';

/** Rolls one service and changes nothing else: its container gets a variable that nobody reads. */
export const rollOne = (service: string) =>
  changeContainer(service, (container) => ({
    ...container,
    env: [...(container.env ?? []), { name: 'DRILL', value: crypto.randomUUID() }],
  }));

/** Calls back once, with the first line that a deploy says and that looks like this. */
export function onLine(looks: RegExp, then: (line: string) => void) {
  let done = false;
  return (line: string): void => {
    if (done || !looks.test(line)) return;
    done = true;
    then(line);
  };
}
