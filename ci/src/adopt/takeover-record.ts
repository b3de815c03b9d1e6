import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { saidBy } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Takeover } from './takeover.ts';

const name = 'takeover';
const key = 'found.json';

/** What a takeover found, in the cluster for as long as it is under way: whoever comes next goes on. */
export const takeoverRecord = (takeover: Takeover): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: {
    name,
    labels: {
      'app.kubernetes.io/managed-by': 'whatsthecraic-pipeline',
      'whatsthecraic.run.place/record': 'takeover',
    },
  },
  data: { [key]: JSON.stringify({ version: 1, ...takeover }) },
});

export const takeoverCall: KubectlCall = {
  args: [
    ...['get', 'configmap', name, '--ignore-not-found'],
    ...['-o', `jsonpath={.data.${key.replaceAll('.', '\\.')}}`],
  ],
};

/** Reads what `takeoverCall` made kubectl print; undefined if no takeover is under way. */
export function readTakeover(
  target: Target,
  output: KubectlOutput | undefined,
): Takeover | undefined {
  if (output?.exitCode === 0) {
    return output.stdout.trim() === '' ? undefined : (JSON.parse(output.stdout) as Takeover);
  }
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `Whether a takeover is under way cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}

export const forgetTakeover: KubectlCall = {
  args: ['delete', 'configmap', name, '--ignore-not-found'],
};
