import { readFile, rename, writeFile } from 'node:fs/promises';
import { callLog } from './call-log.ts';
import { createAwsServer } from './server.ts';
import type { ServerFile } from './server-file.ts';
import { killLeftScripts } from './ssm/left-scripts.ts';

/** The server as a process of its own: `main.ts <server file>`. The file holds keys, arguments do not. */
const [file] = process.argv.slice(2);
if (!file) {
  console.error('main.ts: expected the path of a server file; startAws() writes it');
  process.exit(2);
}
const given = JSON.parse(await readFile(file, 'utf8')) as ServerFile;
await killLeftScripts(given.options.folder);
const server = createAwsServer({ ...given.options, logCall: callLog(given.callLog) });

let stopping = false;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return;
    stopping = true;
    void server.close().then(() => process.exit(0));
  });
}

const endpoint = await server.listen(given.port);
const ready = `${given.readyFile}.${process.pid}`;
await writeFile(ready, JSON.stringify({ endpoint }), { mode: 0o600 });
await rename(ready, given.readyFile);
console.log(`listening on ${endpoint}`);
