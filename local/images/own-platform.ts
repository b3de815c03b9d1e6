import { invalid } from '../../ci/src/arguments.ts';
import {
  type ImagePlatform,
  parsePlatform,
  parsePlatforms,
} from '../../ci/src/images/platforms.ts';

/** The platform of this machine: what it builds on, and what its own Kubernetes runs. */
export const ownPlatform = (): ImagePlatform =>
  parsePlatform('This machine', `linux/${process.arch === 'x64' ? 'amd64' : process.arch}`);

/** As Debian names it: amd64 or arm64. */
export const architectureOf = (platform: ImagePlatform): string => platform.split('/')[1] ?? '';

/** What `make up PLATFORMS=…` builds for: a cluster elsewhere may lack this machine's platform. */
export function platformsToBuild(
  given: string | undefined,
  elsewhere: boolean,
): readonly ImagePlatform[] {
  const own = ownPlatform();
  if (given === undefined) return [own];
  const wanted = parsePlatforms('PLATFORMS', given.split(','));
  if (elsewhere || wanted.includes(own)) return wanted;
  throw invalid('PLATFORMS', given, `This machine's own Kubernetes runs ${own}: give that too.`);
}
