import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { resolveDead } from '../../ci/src/release/resolve-dead.ts';
import type { Release } from '../../ci/src/report/release.ts';
import type { Stage } from './stage.ts';
import { killClientAt } from './start-client.ts';

/** Kills a client at a line, waits until nobody can think that it lives, and ends what it left. */
export async function killAndResolve(
  stage: Stage,
  change: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[],
  line: RegExp,
): Promise<Release> {
  await killClientAt(stage, change, line);
  const asked = { overlay: 'local', target: stage.target, soakSeconds: 3, say: stage.say };
  // At once nobody can know that it is dead.
  assert.equal((await resolveDead(asked)).finished, undefined);
  const { finished } = await resolveDead({ ...asked, waitSeconds: 90 });
  assert.ok(finished, 'it was left unfinished');
  assert.equal(finished.by, 'a client that dies');
  return finished;
}
