/**
 * A process that races for the Lease of a real cluster, again and again, and changes one ConfigMap each
 * time that it has it. Arguments: kubectl, kubeconfig, namespace, the racer's name, how often.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../../src/clock.ts';
import { PipelineError } from '../../src/errors.ts';
import { KubeconfigTarget } from '../../src/target/kubeconfig-target.ts';
import { takeAs } from './lease-world.ts';

const [kubectl = '', kubeconfig = '', namespace = '', name = '', rounds = '1'] =
  process.argv.slice(2);
const target = new KubeconfigTarget({ kubectl, kubeconfig, namespace });

/** Reads a number, waits, and writes the next one: two at once would lose one of their rounds. */
async function addOne(held: Awaited<ReturnType<typeof takeAs>>['held']): Promise<void> {
  const [found] = await held.target.kubectl([
    { args: ['get', 'configmap', 'rounds', '-o', 'jsonpath={.data.count}'] },
  ]);
  await delay(Math.random() * 20);
  const patch = JSON.stringify({ data: { count: String(Number(found?.stdout) + 1) } });
  const call = { args: ['patch', 'configmap', 'rounds', '--type=merge', `--patch=${patch}`] };
  const { outputs } = await held.end('race', [call]);
  if (outputs[0]?.exitCode !== 0) throw new Error(outputs[0]?.stderr);
}

let won = 0;
while (won < Number(rounds)) {
  try {
    const { held } = await takeAs(name, target, systemClock, { waitSeconds: 0 });
    await addOne(held);
    won += 1;
  } catch (error) {
    if (!(error instanceof PipelineError) || error.code !== 'LOCKED') throw error;
    await delay(300 + Math.random() * 900);
  }
}
process.stdout.write(`${won}`);
