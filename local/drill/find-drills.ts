import { readdir } from 'node:fs/promises';
import { OptionInvalid } from '../option.ts';
import type { Drill } from './drill.ts';

export interface NamedDrill extends Drill {
  readonly name: string;
}

const folder = new URL('./drills/', import.meta.url);

/** All drills, each a file of `drills/` that exports `drill`, by name. */
export async function findDrills(): Promise<readonly NamedDrill[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts')).toSorted();
  return Promise.all(
    files.map(async (file) => {
      const { drill } = (await import(new URL(file, folder).href)) as { drill: Drill };
      return { ...drill, name: file.replace(/\.ts$/, '') };
    }),
  );
}

/** Those of these names, in the order of all; throws, and says which there are, if one is none. */
export function chooseDrills(
  all: readonly NamedDrill[],
  names: readonly string[],
): readonly NamedDrill[] {
  const unknown = names.filter((name) => !all.some((it) => it.name === name));
  if (unknown.length > 0) {
    const there = all.map(({ name, what }) => `  ${name.padEnd(26)} ${what}`);
    throw new OptionInvalid(
      `DRILL "${unknown.join(',')}" is not possible; choose one of these:\n${there.join('\n')}`,
    );
  }
  return all.filter((it) => names.includes(it.name));
}
