export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/** Reads AVA's closing lines; a run that ended badly without a failed test counts as one failure. */
export function countTests(output: string, exitCode: number): Counts {
  const closing = output.slice(output.lastIndexOf('\n  ─') + 1);
  const sum = (pattern: RegExp) =>
    [...closing.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const passed = sum(/^\s*(\d+) tests? passed/gm);
  const failed = sum(
    /^\s*(\d+) (?:tests? (?:failed|remained pending)|uncaught exceptions?|unhandled rejections?)/gm,
  );
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}
