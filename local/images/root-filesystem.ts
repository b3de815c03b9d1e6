import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What the packages' own scripts would have made, and without what no running program needs. */
export async function finishRootFilesystem(root: string): Promise<void> {
  const unneeded = ['usr/share/man', 'usr/share/lintian', 'usr/share/locale', 'usr/share/info'];
  for (const path of [...unneeded, 'usr/sbin', 'sbin', 'usr/share/bug']) {
    await rm(join(root, path), { recursive: true, force: true });
  }
  for (const file of await readdir(join(root, 'usr/share/doc'), { recursive: true })) {
    if (/(?:changelog|NEWS|README|TODO|FAQ|AUTHORS)[^/]*$/i.test(file)) {
      await rm(join(root, 'usr/share/doc', file), { recursive: true, force: true });
    }
  }
  await joinCertificates(root);
  await put(root, 'etc/passwd', passwd);
  await put(root, 'etc/group', 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n');
  await put(root, 'etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n');
  await mkdir(join(root, 'tmp'), { recursive: true });
  await chmod(join(root, 'tmp'), 0o1777);
}

const passwd = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
`;

/** The work of update-ca-certificates. */
async function joinCertificates(root: string): Promise<void> {
  const folder = join(root, 'usr/share/ca-certificates/mozilla');
  const files = (await readdir(folder)).filter((file) => file.endsWith('.crt')).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  await put(root, 'etc/ssl/certs/ca-certificates.crt', texts.join(''));
}

/** Adds the applets of busybox that building needs, as links to the one program. */
export async function linkApplets(root: string): Promise<void> {
  const applets = 'basename cat chmod cp dirname find ln ls mkdir mv printf rm sh touch uname';
  for (const name of applets.split(' ')) await link(root, `bin/${name}`, '/bin/busybox');
  await link(root, 'usr/bin/env', '/bin/busybox');
}

/** Adds a program under /usr/local/bin. */
export async function addProgram(root: string, name: string, from: string): Promise<void> {
  const target = join(root, 'usr/local/bin', name);
  await mkdir(dirname(target), { recursive: true });
  await copyFile(from, target);
  await chmod(target, 0o755);
}

export async function link(root: string, path: string, target: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await rm(join(root, path), { force: true });
  await symlink(target, join(root, path));
}

async function put(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text, { mode: 0o644 });
}
