import { join } from 'node:path';
import { buildGoTool } from '../go-tool.ts';

/** The path of the program that the kubelet asks for ECR's tokens, as k8s/node puts it on a node. */
export const buildCredentialProvider = (
  cacheFolder: string,
  say: (text: string) => void,
): Promise<string> =>
  buildGoTool(
    {
      name: 'ecr-credential-provider',
      module: join(import.meta.dirname, 'program'),
      package: 'k8s.io/cloud-provider-aws/cmd/ecr-credential-provider',
      takes: '20 seconds',
    },
    cacheFolder,
    say,
  );
