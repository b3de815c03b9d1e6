import { rm } from 'node:fs/promises';
import { bringUp, takeDown } from '../local/platform.ts';
import { instance } from '../local/state.ts';
import { copyRepository, prepend } from '../test/helpers/copy-repository.ts';

/** Times `make up` on a copy of the repository, in an instance of its own. */
const own = instance('bench');
const rounds = Number(process.argv[2] ?? 3);
const quiet = () => undefined;

interface Row {
  readonly what: string;
  readonly wall: number;
  readonly built: number;
  readonly pods: number;
  readonly images: number;
  readonly serving: number;
}

async function time(what: string, repository: string): Promise<Row> {
  const started = performance.now();
  const { release } = await bringUp({
    instance: own,
    repository,
    port: 4700,
    soakSeconds: 5,
    say: quiet,
  });
  return {
    what,
    wall: (performance.now() - started) / 1_000,
    built: release.services.filter((it) => it.built).length,
    pods: release.services.reduce((sum, it) => sum + it.newPods, 0),
    images: release.seconds.images,
    serving: release.seconds.serving,
  };
}

const repository = await copyRepository();
const rows: Row[] = [];
try {
  await takeDown({ instance: own, say: quiet });
  for (let round = 1; round <= rounds; round += 1) {
    // An edit that no build has seen, in what all six share.
    await prepend(repository, 'services/platform/src/app.ts', `// ${Date.now()}\n`);
    rows.push(await time('tools there, nothing running, all six changed', repository));
    rows.push(await time('running, nothing changed', repository));
    await prepend(repository, 'services/venue-service/src/server.ts', `// ${Date.now()}\n`);
    rows.push(await time('running, one service changed', repository));
    await takeDown({ instance: own, say: quiet });
  }
} finally {
  await takeDown({ instance: own, say: quiet });
  await rm(repository, { recursive: true, force: true });
}

console.log('| make up | wall s | images s | serving s | built | new pods |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const what of new Set(rows.map((row) => row.what))) {
  const same = rows.filter((row) => row.what === what);
  const median = (value: (row: Row) => number) =>
    same.map(value).sort((a, b) => a - b)[Math.floor(same.length / 2)] ?? 0;
  const cells = [
    median((row) => row.wall).toFixed(1),
    median((row) => row.images).toFixed(1),
    median((row) => row.serving).toFixed(1),
    median((row) => row.built),
    median((row) => row.pods),
  ];
  console.log(`| ${what} | ${cells.join(' | ')} |`);
}
