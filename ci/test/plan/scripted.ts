import { objectKey } from '../../src/manifests/objects.ts';
import { parseManifests } from '../../src/manifests/text.ts';
import type { KubectlCall, KubectlOutput, Target } from '../../src/target/target.ts';
import { readOnly } from '../read-only.ts';

export interface Answers {
  /** To every question about what there is. */
  readonly get?: Partial<KubectlOutput>;
  /** To questions about what does not belong to the platform's own namespace. */
  readonly beyond?: Partial<KubectlOutput>;
  /** To a look-up of objects of an API that is not Kubernetes' own. */
  readonly custom?: Partial<KubectlOutput>;
  /** What the services say of their health. */
  readonly health?: string;
  /** In place of all that follows, if it answers. */
  readonly answer?: (args: readonly string[]) => string | undefined;
  /** Names of objects that an apply is refused for, with the server's words. */
  readonly refuses?: Readonly<Record<string, string>>;
}

export interface Scripted extends Target {
  /** The calls of each round trip. */
  readonly trips: (readonly KubectlCall[])[];
}

/** A roomy cluster that holds nothing yet and takes what is applied as it comes, unless told. */
export function scripted(answers: Answers = {}): Scripted {
  const { get, beyond, custom, health, refuses = {} } = answers;
  const trips: (readonly KubectlCall[])[] = [];
  const answer = ({ args, input = '' }: KubectlCall): Partial<KubectlOutput> => {
    const stdout = answers.answer?.(args);
    if (stdout !== undefined) return { stdout };
    if (args[0] === 'apply') return apply(args, input);
    if (args[1] === '--raw' && args[2]?.endsWith('/health')) {
      return health === undefined ? { exitCode: 1 } : { stdout: health };
    }
    if (args[1] === '--filename=-' && input.includes('helm.cattle.io')) return custom ?? {};
    if (beyond && (args[1] === 'nodes' || args.includes('--all-namespaces'))) return beyond;
    if (args[1]?.startsWith('nodes')) {
      const allocatable = JSON.stringify({ cpu: '64', memory: '64Gi', pods: '110' });
      return get ?? { stdout: `node\x1f\x1f\x1f${allocatable}\x1e` };
    }
    return get ?? {};
  };
  const apply = (args: readonly string[], input: string): Partial<KubectlOutput> => {
    const objects = parseManifests(input);
    const taken = objects.filter(({ metadata }) => !(metadata.name in refuses));
    const failed = objects.filter((it) => !taken.includes(it));
    const words = failed.map(({ metadata }) => refuses[metadata.name]);
    const isConflict = (text: string | undefined) => text?.startsWith('Apply failed with');
    // A preview takes what belongs to others; kubectl prints it for all objects or for none.
    const forced = args.includes('--force-conflicts');
    const lasting = forced ? words.filter((it) => !isConflict(it)) : words;
    const stderr = lasting.map((it) => `${it}\n`).join('');
    const exitCode = lasting.length > 0 ? 1 : 0;
    if (forced) return { exitCode, stderr, stdout: exitCode === 0 ? input : '' };
    const lines = taken.map(
      (it) => `${resource(objectKey(it))} serverside-applied (server dry run)\n`,
    );
    return { exitCode, stderr, stdout: lines.join('') };
  };
  return {
    description: 'a scripted cluster',
    namespace: 'whatsthecraic',
    trips,
    probe: async () => [],
    ...readOnly,
    async kubectl(calls) {
      trips.push(calls);
      return calls.map((call) => ({ exitCode: 0, stdout: '', stderr: '', ...answer(call) }));
    },
  };
}

const resource = (key: string): string => {
  const [group = '', kind = '', , name = ''] = key.split('/');
  return `${[kind.toLowerCase(), group].filter(Boolean).join('.')}/${name}`;
};
