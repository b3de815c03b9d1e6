import { type Container, type Directory, dag } from '@dagger.io/dagger';
import type { Check } from '../checks.ts';
import { outputOf } from './readable.ts';

/** Scripts of the repository's package.json that need nothing but Node. */
const scripts = ['check', 'unit'] as const;

/** Lines of a failed script that are told. */
const lines = 200;

const install = ['npm', 'ci', '--no-audit', '--no-fund', '--no-update-notifier'];

/** The checks that the repository has itself, in a container of that image. */
export function repositoryChecks(source: Directory, image: string): readonly Check[] {
  const installed = installPackages(source, image);
  const scripted = scripts.map((script) => ({
    name: `npm run ${script}`,
    run: async () => runScript(await installed, script),
  }));
  return [{ name: 'npm ci', run: () => installed.then(() => 'installed') }, ...scripted];
}

/** The source with its packages, which an edit of sources leaves as they are. */
async function installPackages(source: Directory, image: string): Promise<Container> {
  const manifests = source.filter({ include: ['**/package.json', '**/package-lock.json'] });
  return dag
    .container()
    .from(image)
    .withWorkdir('/repository')
    .withEnvVariable('NPM_CONFIG_CACHE', '/npm-cache')
    .withMountedCache('/npm-cache', dag.cacheVolume('whatsthecraic-npm'))
    .withDirectory('.', manifests)
    .withExec(install)
    .withExec([...install, '--prefix', 'ci'])
    .withDirectory('.', source)
    .sync()
    .catch(withOutput);
}

/**
 * Gives back the last line of what the script printed, which counts. A failure is left an error of the
 * engine: one that is expected is a result like any other, and would be kept for the next call.
 */
async function runScript(repository: Container, script: string): Promise<string> {
  const printed = await repository
    .withExec(['npm', 'run', '--silent', script])
    .stdout()
    .catch(withOutput);
  return printed.trim().split('\n').at(-1) ?? '';
}

/** Fails with what a program printed, from the first step on that failed. */
function withOutput(error: unknown): never {
  const output = outputOf(error);
  const from = Math.max(0, output.search(/^FAILED /m));
  throw new Error(output.slice(from).split('\n').slice(0, lines).join('\n'), { cause: error });
}
