/**
 * A client of its own, so that a drill can kill it: deploys what standard input says and prints each
 * line that it has to say.
 */
import { text } from 'node:stream/consumers';
import { deploy } from '../../ci/src/deploy.ts';
import { openTarget } from '../../ci/src/target/open-target.ts';
import type { ClientTask } from './start-client.ts';

const task = JSON.parse(await text(process.stdin)) as ClientTask;
const target = await openTarget(task.target);
const release = await deploy({
  ...task.request,
  target,
  ensureImages: async () => task.images,
  render: async () => task.objects,
  say: (line) => console.log(line),
});
console.log(`ended ${release.state}`);
