import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DeployRequest } from '../../ci/src/deploy.ts';
import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import type { TargetArguments } from '../../ci/src/target/open-target.ts';
import type { Stage } from './stage.ts';

/** What a client of its own is told. */
export interface ClientTask {
  readonly target: TargetArguments;
  readonly request: Pick<
    DeployRequest,
    'overlay' | 'revision' | 'migrations' | 'soakSeconds' | 'by'
  >;
  readonly images: readonly EnsuredImage[];
  readonly objects: readonly KubernetesObject[];
}

const program = fileURLToPath(new URL('./client.ts', import.meta.url));

/** Lets a process of its own deploy, and kills it with SIGKILL at the first line that looks like this. */
export async function killClientAt(
  stage: Stage,
  change: (objects: readonly KubernetesObject[]) => readonly KubernetesObject[],
  line: RegExp,
): Promise<void> {
  const { images, objects, revision, migrations } = await stage.prepare();
  const { aws } = stage.servers;
  const task: ClientTask = {
    target: {
      overlay: 'local',
      instanceId: aws.instanceId,
      aws: { region: aws.region, endpoint: aws.endpoint, ...aws.credentials },
    },
    request: {
      ...{ overlay: 'local', revision, migrations },
      ...{ soakSeconds: 10, by: 'a client that dies' },
    },
    images,
    objects: change(objects),
  };
  const client = spawn(process.execPath, ['--conditions=source', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    signal: stage.over,
    killSignal: 'SIGKILL',
  });
  client.stdin.end(JSON.stringify(task));
  const closed = once(client, 'close');
  closed.catch(() => undefined); // Its failure is told where it is waited for.
  for await (const said of createInterface(client.stdout)) {
    stage.say(said);
    if (line.test(said)) client.kill('SIGKILL');
  }
  const [, signal] = await closed;
  if (signal !== 'SIGKILL') throw new Error('the client ended before it could be killed');
}
