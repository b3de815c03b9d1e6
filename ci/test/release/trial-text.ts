import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import type { KubectlOutput } from '../../src/target/target.ts';

const now = '2026-11-23T02:00:00Z';

/** When our fields of an object were set last; five seconds before the trial unless told. */
export type SetAt = (object: KubernetesObject) => string;

/** What kubectl prints of a trial whose objects are all there. */
export function trialText(input = '', setAt: SetAt = () => '2026-11-23T01:59:55Z'): KubectlOutput {
  const [, ...objects] = parseManifests(input);
  const lines = [
    ['', '', now, ''],
    ...objects.map((it) => ['', '', '2026-11-22T09:00:00Z', setAt(it)]),
  ];
  const stdout = lines.map((cells) => `${cells.join('\x1f')}\x1e`).join('');
  return { exitCode: 0, stdout, stderr: '' };
}
