import type { ServiceResult } from './release.ts';

/** How long a service's new pods took to be ready; `kept` if it has none. */
export function readyText({
  newPods,
  readySeconds,
}: Pick<ServiceResult, 'newPods' | 'readySeconds'>): string {
  if (newPods === 0) return 'kept';
  return readySeconds === undefined ? 'never' : `${readySeconds.toFixed(1)} s`;
}
