import { mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../../run.ts';

export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

export interface Index {
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

export interface ImageConfig {
  readonly os: string;
  readonly architecture: string;
  readonly config: Readonly<Record<string, unknown>> & {
    readonly Labels: Readonly<Record<string, string>>;
    readonly Env: readonly string[];
    readonly WorkingDir: string;
    readonly Cmd: readonly string[];
  };
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

export interface PushedImage {
  readonly config: ImageConfig;
  readonly layers: readonly Descriptor[];
}

/** What a registry has below one repository, such as http://127.0.0.1:5000/v2/craic/aggregator. */
export function pushedImages(repository: string) {
  const get = async (path: string, accept = '*/*'): Promise<Response> => {
    const answer = await fetch(`${repository}/${path}`, {
      headers: { accept },
      signal: AbortSignal.timeout(60_000),
    });
    if (!answer.ok) throw new Error(`${repository}/${path}: ${answer.status}`);
    return answer;
  };
  return {
    index: async (reference: string): Promise<Index> => {
      const type = 'application/vnd.oci.image.index.v1+json';
      return (await (await get(`manifests/${reference}`, type)).json()) as Index;
    },
    image: async (digest: string): Promise<PushedImage> => {
      const type = 'application/vnd.oci.image.manifest.v1+json';
      const manifest = (await (await get(`manifests/${digest}`, type)).json()) as {
        readonly config: Descriptor;
        readonly layers: readonly Descriptor[];
      };
      const config = (await (await get(`blobs/${manifest.config.digest}`)).json()) as ImageConfig;
      return { config, layers: manifest.layers };
    },
    /** Unpacks the layers one over the other. */
    unpack: async ({ layers }: PushedImage, folder: string): Promise<void> => {
      await mkdir(folder, { recursive: true });
      const file = `${folder}.layer`;
      for (const { digest } of layers) {
        await writeFile(file, Buffer.from(await (await get(`blobs/${digest}`)).arrayBuffer()));
        await run(['tar', '-xf', file, '-C', folder], { timeoutMs: 120_000 });
      }
    },
  };
}

/** The machine that each program and library of a folder is for, by its path. */
export async function machinesOf(folder: string): Promise<ReadonlyMap<string, string>> {
  const listed = await run(['find', folder, '-type', 'f', '-size', '+1k', '-printf', '%P\\0'], {
    timeoutMs: 60_000,
  });
  const machines = new Map<string, string>();
  for (const path of listed.split('\0').filter(Boolean)) {
    await using file = await open(join(folder, path));
    const { buffer, bytesRead } = await file.read(Buffer.alloc(20), 0, 20, 0);
    if (bytesRead < 20 || buffer.readUInt32BE(0) !== 0x7f454c46) continue;
    const machine = buffer.readUInt16LE(18);
    machines.set(path, { 62: 'amd64', 183: 'arm64' }[machine] ?? String(machine));
  }
  return machines;
}
