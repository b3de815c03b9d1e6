import { quantity } from '../plan/quantity.ts';
import type { Target } from '../target/target.ts';
import { json, list } from './list.ts';

/** What one pod of a service asks for and may use: cores and bytes; absent where it does not say. */
export interface Asked {
  readonly requests: { readonly cpu?: number; readonly memory?: number };
  readonly limits: { readonly cpu?: number; readonly memory?: number };
}

interface Container {
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
}

/** Reads what the pods of each Deployment ask for. */
export async function readResources(target: Target): Promise<ReadonlyMap<string, Asked>> {
  const rows = await list(target, 'deployments', [
    '.metadata.name',
    '.spec.template.spec.containers',
  ]);
  return new Map(
    rows.map(([name = '', containers]) => {
      const all = json<readonly Container[]>(containers) ?? [];
      return [name, { requests: sums(all, 'requests'), limits: sums(all, 'limits') }];
    }),
  );
}

function sums(containers: readonly Container[], of: 'requests' | 'limits') {
  const sum = (resource: string): number | undefined => {
    const values = containers.map((it) => quantity(it.resources?.[of]?.[resource]));
    // One container without a limit leaves the pod without one.
    return values.length === 0 || values.some(Number.isNaN)
      ? undefined
      : values.reduce((a, b) => a + b, 0);
  };
  const [cpu, memory] = [sum('cpu'), sum('memory')];
  return { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) };
}
