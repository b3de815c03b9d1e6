import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createAdmin } from '../local/admin.ts';
import { bringUp, takeDown } from '../local/platform.ts';
import { instance } from '../local/state.ts';
import { type RestartResult, restartUnderLoad } from '../test/helpers/rolling-restart.ts';

/** Restarts events-service, then it and the gateway before it, under load, in an instance of its own. */
const own = instance('bench');
const times = Number(process.argv[2] ?? 20);
const say = (text: string) => console.error(text);

const rows: string[] = [];
function report(what: string, { capacity, rate, restarts, loads }: RestartResult): void {
  for (const [connections, load] of Object.entries(loads)) {
    const failed = Object.entries(load.failures).map(([reason, count]) => `${count} × ${reason}`);
    const cells = [
      `${what}, ${connections}`,
      restarts,
      Math.round(capacity),
      rate / 2,
      load.sent,
      failed.join(', ') || '0',
      `${load.p50} / ${load.p99} / ${load.worst}`,
      loadavg()[0]?.toFixed(1),
    ];
    rows.push(`| ${cells.join(' | ')} |`);
  }
}

try {
  await takeDown({ instance: own, say });
  const { place } = await bringUp({
    instance: own,
    repository: fileURLToPath(new URL('..', import.meta.url)),
    port: 4700,
    soakSeconds: 0,
    say,
  });
  const admin = createAdmin(place.kubectl, place.kubeconfig);
  const search = { admin, path: '/v1/events/search?limit=5', times, say };
  report('events-service', await restartUnderLoad({ ...search, deployment: 'events-service' }));
  const both = { deployment: 'aggregator', others: ['events-service'] };
  report('aggregator and events-service', await restartUnderLoad({ ...search, ...both }));
} finally {
  await takeDown({ instance: own, say });
}

console.log(
  '| restarted, connections | restarts | capacity /s | asked /s | sent | failed | ms p50 / p99 / worst | load average |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const row of rows) console.log(row);
