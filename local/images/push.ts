import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { type Build, logged } from './build.ts';

/** Pushes one image as it is, several as an index; gives back the digest of what the tag names. */
export async function push(work: Build, ids: readonly string[]): Promise<string> {
  const { request, folder, access } = work;
  const digestFile = join(folder, 'digest');
  const options = ['--quiet', ...access, '--digestfile', digestFile];
  const name = `docker://${request.repository}:${request.tag}`;
  const [first = '', ...others] = ids;
  if (others.length === 0) {
    // A registry nearby is sooner sent a tenth more than better compressed.
    const compression = request.plainHttp ? ['--compression-level', '1'] : [];
    await logged(work, ['push', ...compression, ...options, first, name]);
  } else {
    await pushIndex(work, ids, ['--all', '--format', 'oci', ...options], name);
  }
  return (await readFile(digestFile, 'utf8')).trim();
}

async function pushIndex(
  work: Build,
  ids: readonly string[],
  options: readonly string[],
  name: string,
): Promise<void> {
  const index = `localhost/index:${basename(work.folder)}`;
  await logged(work, ['manifest', 'create', index, ...ids]);
  try {
    await logged(work, ['manifest', 'push', ...options, index, name]);
  } finally {
    await logged(work, ['manifest', 'rm', index]);
  }
}
