import { runProcess } from '../ci/src/process.ts';

/** kubectl as the administrator of a cluster that was named, never of one that the environment names. */
export type Admin = (args: readonly string[], input?: string) => Promise<string>;

export class AdminRefused extends Error {
  override readonly name = 'AdminRefused';
  readonly code = 'CLUSTER_REFUSED';
}

export function createAdmin(kubectl: string, kubeconfig: string): Admin {
  return async (args, input) => {
    const result = await runProcess([kubectl, '--kubeconfig', kubeconfig, ...args], {
      timeoutMs: 60_000,
      env: { PATH: process.env.PATH, HOME: process.env.HOME },
      ...(input === undefined ? {} : { input }),
    });
    if (result.exitCode === 0) return result.stdout;
    throw new AdminRefused(`kubectl ${args.slice(0, 3).join(' ')}: ${result.stderr.trim()}`);
  };
}
