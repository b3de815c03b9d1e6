import { appendFile, cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { type EnsureImagesRequest, ensureImages } from '../../ci/src/images/ensure-images.ts';
import { parseRegistry } from '../../ci/src/registry/reference.ts';
import { createRegistryClient } from '../../ci/src/registry/registry-client.ts';
import { readSourceTree } from '../../ci/src/source/source-tree.ts';
import { startRegistry } from '../../ci/test/registry/docker-registry.ts';
import { ensureBaseImages } from '../images/base-images.ts';
import { type Buildah, openBuildah } from '../images/buildah.ts';
import { createBuildahBuilder } from '../images/buildah-builder.ts';
import { ownPlatform } from '../images/own-platform.ts';
import { neededPackages } from '../needs.ts';
import { installPackages } from '../packages.ts';
import { tryRun } from '../run.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const sha = '3'.repeat(40);

interface InspectedImage {
  readonly OCIv1: {
    readonly config: {
      readonly User: string;
      readonly Env: readonly string[];
      readonly Entrypoint: readonly string[];
      readonly Cmd: readonly string[];
      readonly WorkingDir: string;
      readonly Labels: Readonly<Record<string, string>>;
    };
  };
}

async function setUp(t: ExecutionContext) {
  t.timeout(900_000);
  await installPackages(neededPackages, (text) => t.log(text));
  const folder = await mkdtemp(join(tmpdir(), 'images-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const sourceFolder = join(folder, 'source');
  const filter = (path: string) => !/\/(?:node_modules|dist)$/.test(path);
  for (const path of ['package.json', 'package-lock.json', 'services']) {
    await cp(join(repository, path), join(sourceFolder, path), { recursive: true, filter });
  }
  const buildah = await openBuildah(join(folder, 'buildah'));
  const registry = parseRegistry((await startRegistry(t)).host);
  const client = createRegistryClient();
  const platforms = [ownPlatform()];
  const say = (text: string) => t.log(text);
  const bases = await ensureBaseImages(buildah, platforms, say);
  const logFile = join(folder, 'build.log');
  const request = async (services: readonly string[]): Promise<EnsureImagesRequest> => ({
    services,
    registry,
    client,
    builder: createBuildahBuilder(buildah, { bases, logFile }),
    source: await readSourceTree(sourceFolder),
    revision: { commit: sha, branch: 'main', dirty: false },
    platforms,
    baseImages: bases.names,
    now: () => new Date('2026-03-04T05:06:07Z'),
  });
  return { folder, sourceFolder, buildah, bases, platforms, request };
}

/** Pulls an image and reads what it says of itself. */
async function inspect(buildah: Buildah, name: string): Promise<InspectedImage> {
  await buildah(['pull', '--quiet', '--tls-verify=false', name]);
  return JSON.parse(await buildah(['inspect', '--type', 'image', name])) as InspectedImage;
}

/** Unpacks an image's files into a folder. */
async function unpack(buildah: Buildah, name: string, folder: string): Promise<string> {
  await buildah(['pull', '--quiet', '--tls-verify=false', name]);
  const container = (await buildah(['from', '--pull=never', name])).trim();
  const layout = join(folder, 'root');
  const script = `mount=$(buildah --root "$0" --runroot "$1" --storage-driver overlay mount "$2") && cp -a "$mount" "$3"`;
  const roots = [join(buildah.folder, 'storage'), join(buildah.folder, 'run')];
  const copy = ['unshare', '--mount', 'sh', '-c', script, ...roots, container, layout];
  const copied = await tryRun(copy, { timeoutMs: 120_000 });
  if (copied.exitCode !== 0) throw new Error(copied.stderr);
  await buildah(['rm', container]);
  return layout;
}

test.serial(
  'images – built, unchanged, edited, broken – are what they promise to be',
  async (t) => {
    const { folder, sourceFolder, buildah, bases, platforms, request } = await setUp(t);
    const unmade = (text: string) => t.fail(text);
    t.deepEqual((await ensureBaseImages(buildah, platforms, unmade)).names, bases.names);

    const [image] = await ensureImages(await request(['venue-service']));
    t.true(image?.built);
    t.log(`built in ${image?.seconds} s`);
    const name = `${image?.repository}@${image?.digest}`;
    const root = await unpack(buildah, name, folder);

    const { config } = (await inspect(buildah, name)).OCIv1;
    t.is(config.User, '65532:65532');
    t.deepEqual(config.Entrypoint, ['/usr/local/bin/node']);
    t.deepEqual(config.Cmd, ['dist/server.js']);
    t.is(config.WorkingDir, '/app/services/venue-service');
    t.deepEqual(config.Env, [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'NODE_ENV=production',
      `SOURCE_DIGEST=${image?.tag}`,
      `GIT_COMMIT=${sha}`,
    ]);
    t.deepEqual(config.Labels, {
      'git.commit': sha,
      'git.branch': 'main',
      'build.date': '2026-03-04T05:06:07Z',
      'org.opencontainers.image.created': '2026-03-04T05:06:07Z',
      'org.opencontainers.image.ref.name': 'main',
      'org.opencontainers.image.revision': sha,
      'org.opencontainers.image.title': 'venue-service',
    });

    const files = await readdir(root, { recursive: true });
    const unwanted = files.filter(
      (file) =>
        /(?:^|\/)(?:sh|bash|dash|busybox|npm|npx)$/.test(file) ||
        /^run\/secrets\/./.test(file) ||
        (file.startsWith('app/') && /\.(?:node|[cm]?ts|map)$/.test(file)),
    );
    t.deepEqual(unwanted, []);
    t.deepEqual(await elfFiles(join(root, 'app')), []);

    const start = await startReadOnly(root, config.WorkingDir, config.Cmd);
    t.is(start.exitCode, 1, start.stderr);
    t.regex(start.stderr + start.stdout, /venue-service cannot start.*DB_HOST is not set/s);
    const size = await tryRun(['du', '-sm', root]);
    t.log(`${size.stdout.split('\t')[0]} MB`);

    const [again] = await ensureImages(await request(['venue-service']));
    t.false(again?.built);
    t.is(again?.digest, image?.digest);

    await appendFile(join(sourceFolder, 'services/venue-service/src/server.ts'), '\n// edited\n');
    const [edited] = await ensureImages(await request(['venue-service']));
    t.true(edited?.built);
    t.not(edited?.digest, image?.digest);
    t.log(`edited: built in ${edited?.seconds} s`);

    // An input without any effect on the content: the layers are the cache's, the identity is not.
    await appendFile(join(sourceFolder, 'services/Dockerfile.dockerignore'), '# edited\n');
    const [renamed] = await ensureImages(await request(['venue-service']));
    t.true(renamed?.built);
    const described = await inspect(buildah, `${renamed?.repository}@${renamed?.digest}`);
    t.true(described.OCIv1.config.Env?.includes(`SOURCE_DIGEST=${renamed?.tag}`));

    await appendFile(join(sourceFolder, 'services/Dockerfile'), '\nCOPY nowhere /\n');
    await t.throwsAsync(ensureImages(await request(['venue-service'])), {
      message:
        /^1 of 1 images failed\nvenue-service: buildah bud of venue-service failed.*nowhere/s,
    });

    const mounts = await readFile('/proc/self/mountinfo', 'utf8');
    t.false(mounts.includes(folder), 'a mount was left behind');
  },
);

/** Files that begin as native programs and libraries do. */
async function elfFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    const content = await readFile(file);
    if (content.subarray(0, 4).equals(Buffer.from('\x7fELF', 'latin1'))) found.push(file);
  }
  return found;
}

/** Starts an image's command as its user on a root that nothing can write to. */
function startReadOnly(root: string, workFolder: string, command: readonly string[]) {
  const script =
    'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && root=$0 && folder=$1 && shift && exec chroot --userspec=65532:65532 "$root" /usr/local/bin/node -e "process.chdir(process.argv[1]); process.argv.splice(1, 1); import(process.cwd() + \'/\' + process.argv[1])" "$folder" "$@"';
  return tryRun(['unshare', '--mount', 'sh', '-c', script, root, workFolder, ...command], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production' },
    timeoutMs: 60_000,
  });
}
