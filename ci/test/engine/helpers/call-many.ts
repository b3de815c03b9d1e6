/**
 * Runs many calls in one process: the SDK's own scan, load and invoke, but one scan for all. tsx runs
 * it. Arguments: the folder of the module, the folder of the SDK, a file with the calls as JSON.
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Call {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

const [moduleFolder = '', sdk = '', callsFile = ''] = process.argv.slice(2);
const load = (path: string) => import(pathToFileURL(join(sdk, path)).href);

const { connection } = await load('connect.js');
const { scan } = await load('module/introspector/index.js');
const loader = await load('module/entrypoint/load.js');
const { Executor } = await load('module/executor.js');
const { invoke } = await load('module/entrypoint/invoke.js');

await connection(
  async () => {
    const sources = globSync(join(moduleFolder, 'src', '**', '*.ts')).filter(
      (path) => !path.endsWith('__dagger.entrypoint.ts'),
    );
    const started = performance.now();
    const modules = await loader.load(sources);
    const loadMs = Math.round(performance.now() - started);
    const files = [join(moduleFolder, 'sdk', 'client.gen.ts'), ...sources];
    const scanned = await scan(files, 'whatsthecraic');
    const executor = new Executor(modules, scanned);
    const outcomes: object[] = [];
    for (const { name, args } of JSON.parse(readFileSync(callsFile, 'utf8')) as Call[]) {
      const context = { parentName: 'Whatsthecraic', fnName: name, parentArgs: {}, fnArgs: args };
      try {
        outcomes.push({ returned: await invoke(executor, scanned, context) });
      } catch (error) {
        outcomes.push({ thrown: (error as Error).message });
      }
    }
    process.stdout.write(`\n${JSON.stringify({ loadMs, outcomes })}\n`);
  },
  { LogOutput: process.stdout },
);
