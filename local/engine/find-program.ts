import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The file that a command's name stands for; undefined if none is on the PATH. */
export async function findProgram(
  name: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string | undefined> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const file = join(folder, name);
    const isProgram = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (folder !== '' && isProgram) return file;
  }
  return undefined;
}
