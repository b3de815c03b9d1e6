import { invalid } from '../arguments.ts';

/** What images are built for: production's node is arm64, most laptops and runners are amd64. */
export const allPlatforms = ['linux/amd64', 'linux/arm64'] as const;

export type ImagePlatform = (typeof allPlatforms)[number];

/** Reads one platform; `flag` is how the user gives it. */
export function parsePlatform(flag: string, given: string): ImagePlatform {
  const found = allPlatforms.find((platform) => platform === given);
  if (found) return found;
  throw invalid(flag, given, `Possible are ${allPlatforms.join(' and ')}.`);
}

/** Reads a list of platforms into one fixed order, each once. */
export function parsePlatforms(flag: string, given: readonly string[]): readonly ImagePlatform[] {
  const [first = '', ...others] = given;
  const wanted = [first, ...others].map((text) => parsePlatform(flag, text.trim()));
  return allPlatforms.filter((platform) => wanted.includes(platform));
}
