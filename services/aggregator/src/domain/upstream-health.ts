import type { Dependency } from '@whatsthecraic/platform/health';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';

/** An upstream as a dependency: without it some routes answer 502, the others as ever. */
export function upstreamDependency(upstream: Upstream): Dependency {
  return {
    name: upstream.name,
    required: false,
    async check(signal) {
      const answer = await upstream
        .send({ method: 'GET', path: '/readyz', signal, isProbe: true })
        .catch((error) => {
          throw new Error('unreachable', { cause: error });
        });
      await answer.body.dump();
      if (answer.status !== 200) throw new Error('not ready');
    },
  };
}
