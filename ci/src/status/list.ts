import { PipelineError } from '../errors.ts';
import { jsonPath, records, saidBy } from '../target/printed.ts';
import type { Target } from '../target/target.ts';

/** Asks for these fields of every object of a kind; throws if it may not be read. */
export async function list(
  target: Target,
  kind: string,
  fields: readonly string[],
): Promise<string[][]> {
  const [output] = await target.kubectl([{ args: ['get', kind, '-o', jsonPath(fields)] }]);
  if (output?.exitCode === 0) return records(output.stdout);
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `${kind} cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}

/** A cell that holds JSON; undefined for an empty one. */
export const json = <T>(cell: string | undefined): T | undefined =>
  cell ? (JSON.parse(cell) as T) : undefined;
