import { changeContainer } from './change-container.ts';

const name = 'DRILL';

/** Rolls one service and changes nothing else: its container gets a variable that nobody reads. */
export const rollOne = (service: string) => {
  const value = crypto.randomUUID();
  return changeContainer(service, (container) => ({
    ...container,
    env: [...(container.env ?? []).filter((it) => it.name !== name), { name, value }],
  }));
};

/** Calls back once, with the first line that a deploy says and that looks like this. */
export function onLine(looks: RegExp, then: (line: string) => void) {
  let done = false;
  return (line: string): void => {
    if (done || !looks.test(line)) return;
    done = true;
    then(line);
  };
}
