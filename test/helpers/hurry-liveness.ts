import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const probe = ['spec', 'template', 'spec', 'containers', 0, 'livenessProbe'];

/** Has the kubelet ask more often whether a container lives, in a checkout's manifests. */
export async function hurryLiveness(folder: string, seconds: number): Promise<void> {
  for await (const path of glob('k8s/base/*/deployment.yaml', { cwd: folder })) {
    const file = join(folder, path);
    const manifest = parseDocument(await readFile(file, 'utf8'));
    if (!manifest.hasIn(probe)) throw new Error(`${path} has no liveness probe`);
    manifest.setIn([...probe, 'periodSeconds'], seconds);
    await writeFile(file, manifest.toString());
  }
}
