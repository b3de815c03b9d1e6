export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

/**
 * Reads AVA's closing lines, or ours: `N passed, N failed`. AVA closes a run in which a test failed
 * without a word of those that passed: these are counted where it lists them. A run that ended badly
 * without a failed test counts as one failure.
 */
export function countTests(output: string, exitCode: number): Counts {
  const own = /^(\d+) passed, (\d+) failed$/m.exec(output.trimEnd().split('\n').at(-1) ?? '');
  if (own) return { passed: Number(own[1]), failed: Number(own[2]) };
  const closing = output.slice(output.lastIndexOf('\n  ─') + 1);
  const sum = (pattern: RegExp) =>
    [...closing.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);
  const passed = sum(/^\s*(\d+) tests? passed/gm) || (output.match(/^ +✔ /gm)?.length ?? 0);
  const failed = sum(
    /^\s*(\d+) (?:tests? (?:failed|remained pending)|uncaught exceptions?|unhandled rejections?)/gm,
  );
  return { passed, failed: exitCode !== 0 && failed === 0 ? 1 : failed };
}
