import { parseManifests } from '../src/manifests/text.ts';
import { names, render } from './deploy-scenario.ts';

export const mebi = 2 ** 20;
/** One arm64 node with this much memory to ask for, as `nodesCall` makes kubectl print it. */
export const nodeWith = (mebibytes: number): string =>
  `${['n', '', '', JSON.stringify({ cpu: '2', memory: `${mebibytes}Mi`, pods: '110' }), 'linux', 'arm64', ''].join('\x1f')}\x1e`;

/** Each new pod asks for 100 Mi; ml-service for so much that it goes after the others, if told. */
export const asking = (ml: number) => async (images: Parameters<typeof render>[0]) =>
  (await render(images)).map((object) => {
    if (object.kind !== 'Deployment') return object;
    const memory = object.metadata.name === 'ml-service' ? ml : 100 * mebi;
    const spec = structuredClone(object.spec) as {
      strategy?: object;
      template: { spec: { containers: { resources?: object }[] } };
    };
    spec.strategy = { rollingUpdate: { maxSurge: 1 } };
    for (const it of spec.template.spec.containers) it.resources = { requests: { memory } };
    return { ...object, spec };
  });

/** The server's own words: every Deployment would be as it was sent. */
export const preview = (args: readonly string[], input = '') =>
  args.includes('--output=json')
    ? { exitCode: 0, stderr: '', stdout: input }
    : {
        ...{ exitCode: 0, stderr: '' },
        stdout: names.map((it) => `deployment.apps/${it} serverside-applied\n`).join(''),
      };

/** Of which services the Deployments were in each apply. */
export const deployments = (applied: readonly string[]) =>
  applied.map((it) =>
    parseManifests(it)
      .filter(({ kind }) => kind === 'Deployment')
      .map(({ metadata }) => metadata.name),
  );
