import { join } from 'node:path';
import { buildGoTool } from '../../local/go-tool.ts';

/** The path of actionlint, compiled from the version that `actionlint/go.mod` names. */
export const buildActionlint = (
  cacheFolder: string,
  say: (text: string) => void,
): Promise<string> =>
  buildGoTool(
    {
      name: 'actionlint',
      module: join(import.meta.dirname, 'actionlint'),
      package: 'github.com/rhysd/actionlint/cmd/actionlint',
      takes: '10 seconds',
    },
    cacheFolder,
    say,
  );
