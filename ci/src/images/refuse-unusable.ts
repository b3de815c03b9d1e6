import { PipelineError } from '../errors.ts';
import { cures } from '../rollout/verdict.ts';

export interface LookedUp {
  readonly service: string;
  /** `repository@sha256:…` */
  readonly image: string;
  /** Undefined if the registry has no such image. */
  readonly platforms: readonly string[] | undefined;
}

/** Nodes by name, each with its platform; undefined where they could not be asked. */
export type NodePlatforms = ReadonlyMap<string, string> | undefined;

/** Throws, before anything is touched, if an image is not in the registry or not made for every node. */
export function refuseUnusable(images: readonly LookedUp[], nodes: NodePlatforms): void {
  const missing = images.filter(({ platforms }) => platforms === undefined);
  if (missing.length > 0) {
    const lines = missing.map(({ service, image }) => `${service}: there is no ${image}.`);
    throw refused('IMAGE_NOT_FOUND', ['The registry lacks images.', ...lines]);
  }
  const wrong = images.flatMap(({ service, platforms = [] }) =>
    unfitFor(platforms, nodes).map((node) => `${service}: made for ${listed(platforms)}; ${node}.`),
  );
  if (wrong.length > 0) {
    throw refused('IMAGE_WRONG_PLATFORM', ['Images do not fit the node.', ...wrong]);
  }
}

/** Throws, before anything is built, if it would be built for other nodes than there are. */
export function refusePlatforms(platforms: readonly string[], nodes: NodePlatforms): void {
  const [node] = unfitFor(platforms, nodes);
  if (node === undefined) return;
  throw refused('IMAGE_WRONG_PLATFORM', [
    `Images are to be made for ${listed(platforms)}; ${node}.`,
  ]);
}

const unfitFor = (platforms: readonly string[], nodes: NodePlatforms): readonly string[] =>
  [...(nodes ?? [])]
    .filter(([, platform]) => !platforms.includes(platform))
    .map(([name, platform]) => `${name} is ${platform}`);

const listed = (platforms: readonly string[]): string => platforms.join(', ') || 'no platform';

const refused = (code: 'IMAGE_NOT_FOUND' | 'IMAGE_WRONG_PLATFORM', lines: readonly string[]) =>
  new PipelineError(code, [...lines, 'Nothing was touched.'].join('\n'), {
    ...(cures[code] ? { cure: cures[code] } : {}),
  });
