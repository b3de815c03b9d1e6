import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Everything that SSM's scripts held, unpacked, and as it travelled. */
export async function readCommands(folder: string): Promise<string> {
  const texts: string[] = [];
  for await (const path of glob('**/_script.sh', { cwd: folder })) {
    const script = await readFile(join(folder, path), 'utf8');
    texts.push(script, ...packedIn(script));
  }
  return texts.join('\n');
}

const packedIn = (script: string): string[] =>
  [...script.matchAll(/\bH4sI[A-Za-z0-9+/]+=*/g)].map(([packed]) =>
    gunzipSync(Buffer.from(packed, 'base64')).toString('utf8'),
  );
