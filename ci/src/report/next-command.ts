import type { Release } from './release.ts';

/** What to type next, by how a release ended. */
export function nextCommand({ id, state, overlay, target }: Release): string {
  const where = [
    ...(overlay === 'production' ? [] : [`--overlay ${overlay}`]),
    targetArgument(target),
  ].join(' ');
  if (state === 'verified') return `dagger call status ${where}`;
  // What failed is gone again, and its record tells what it showed.
  if (state === 'rolled-back') {
    return `dagger call report --release ${id} ${where} export --path report`;
  }
  return `dagger call diagnose ${where}`;
}

function targetArgument(target: string): string {
  const [, instance] = /^(i-[0-9a-f]+) over SSM$/.exec(target) ?? [];
  return instance ? `--instance-id ${instance}` : '--kubeconfig file:…';
}
