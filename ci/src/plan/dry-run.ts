import { type KubernetesObject, objectKey, resourceName } from '../manifests/objects.ts';
import { applyCall, fitTogether, previewCall } from '../manifests/payload.ts';
import { parseManifests } from '../manifests/text.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';

/** What the server says to an apply of the objects, without doing it. */
export interface DryRun {
  /** What would be there afterwards, by key; absent for an object that the server refuses. */
  readonly wanted: ReadonlyMap<string, KubernetesObject>;
  /** Objects that an apply would be refused for, by key, with the server's words. */
  readonly refused: ReadonlyMap<string, string>;
  /** What the server warns of. */
  readonly warnings: readonly string[];
}

export interface DryRunOptions {
  /** In place of the target's own. */
  readonly namespace?: string;
  /** Whether the deploy would take fields from others. */
  readonly force?: boolean;
}

/** Refused objects that are asked about one by one; more have one cause, and the node little memory. */
const maxAlone = 12;

/**
 * Asks the server in one round trip what a deploy's own apply would meet, and what would be there
 * afterwards. kubectl prints the latter for all objects or, if one is refused, for none: then the
 * refused ones are asked about one by one in a second.
 */
export async function dryRun(
  target: Target,
  objects: readonly KubernetesObject[],
  { namespace, force = false }: DryRunOptions = {},
): Promise<DryRun> {
  const more = namespace === undefined ? [] : ['--namespace', namespace];
  const ask = (calls: readonly KubectlCall[]): Promise<KubectlOutput[]> =>
    target.kubectl(calls.map((call) => ({ ...call, args: [...call.args, ...more] })));
  const calls = [applyCall(objects, { dryRun: true, force }), previewCall(objects)];
  const [asDeploy, preview] = fitTogether(calls)
    ? await ask(calls)
    : (await Promise.all(calls.map((call) => ask([call])))).flat();
  const taken = new Set(asDeploy?.stdout.split('\n').map((line) => line.split(' ')[0]));
  const refused = objects.filter((it) => !taken.has(resourceName(it)));
  const previews =
    preview?.exitCode === 0
      ? new Map([[objects, preview]])
      : await previewApart(ask, objects, refused);
  const wanted = [...previews.values()]
    .filter((it) => it.exitCode === 0)
    .flatMap((it) => parseManifests(it.stdout));
  const alone = new Map([...previews].map(([[first], output]) => [first, output]));
  return {
    wanted: new Map(wanted.map((it) => [objectKey(it), it])),
    refused: new Map(
      refused.map((it) => {
        const own = alone.get(it);
        return [objectKey(it), saidBy(own && own.exitCode !== 0 ? own : asDeploy)];
      }),
    ),
    warnings: warningsIn(asDeploy),
  };
}

async function previewApart(
  ask: (calls: readonly KubectlCall[]) => Promise<KubectlOutput[]>,
  objects: readonly KubernetesObject[],
  refused: readonly KubernetesObject[],
): Promise<Map<readonly KubernetesObject[], KubectlOutput>> {
  const rest = objects.filter((it) => !refused.includes(it));
  const alone = refused.length <= maxAlone ? refused.map((it) => [it]) : [];
  const groups = [rest, ...alone].filter((it) => it.length > 0);
  const outputs = await ask(groups.map(previewCall));
  const answered = new Map<readonly KubernetesObject[], KubectlOutput>();
  for (const [index, group] of groups.entries()) {
    const output = outputs[index];
    if (output) answered.set(group, output);
  }
  return answered;
}

const warning = 'Warning: ';

const linesOf = (output: KubectlOutput | undefined): string[] =>
  (output?.stderr ?? '').split('\n').filter(Boolean);

/** That an object is being deleted is found by the object itself. */
const warningsIn = (output: KubectlOutput | undefined): string[] =>
  linesOf(output)
    .filter((line) => line.startsWith(warning) && !/ currently being deleted\.?$/.test(line))
    .map((line) => line.slice(warning.length));

/** kubectl's words without its warnings, its advice on conflicts and what all of its errors begin with. */
function saidBy(output: KubectlOutput | undefined): string {
  const said = linesOf(output)
    .filter((line) => !line.startsWith(warning) && !advice.test(line))
    .map((line) => line.replace(/^(?:error: |Error from server(?: \(\w+\))?: )/, '').trimEnd());
  return [...new Set(said)].join('\n') || `kubectl ended with exit code ${output?.exitCode}`;
}

/** Several causes stand in lines of their own, `* spec.ports[0].name: Required value`; advice is prose. */
const advice = /^(?:Please review|are the ways|\* (?!\S+: )| {2}|See https:\/\/kubernetes\.io\/)/;
