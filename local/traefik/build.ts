import { join } from 'node:path';
import { buildGoTool } from '../go-tool.ts';

/**
 * The path of Traefik, of the line that k3s 1.34 ships; apart from Kubernetes, so that nobody waits for
 * it who does not test the ingress.
 */
export const buildTraefik = (cacheFolder: string, say: (text: string) => void): Promise<string> =>
  buildGoTool(
    {
      name: 'traefik',
      module: join(import.meta.dirname, 'program'),
      package: 'github.com/traefik/traefik/v3/cmd/traefik',
      takes: '5 minutes',
    },
    cacheFolder,
    say,
  );
