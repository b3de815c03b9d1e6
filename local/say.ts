/** Prints one step of the work, with the seconds since the start. */
export function createSay(write: (line: string) => void = console.log): (text: string) => void {
  const started = performance.now();
  return (text) => {
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    write(`${seconds.padStart(6)} s  ${text}`);
  };
}
