import { createHash } from 'node:crypto';
import { PipelineError } from '../errors.ts';
import type { SourceTree } from '../source/source-tree.ts';

/** One numbered file of services/database/migrations, as far as the pipeline needs it. */
export interface Migration {
  readonly id: number;
  readonly name: string;
  /** `expand` leaves what the release before it uses as it was; `contract` takes some of it away. */
  readonly kind: 'expand' | 'contract';
  readonly checksum: string;
}

/** What a database has been given: its newest migration, and a digest over all of them. */
export interface Schema {
  readonly version: number;
  readonly digest: string;
}

const file = /^services\/database\/migrations\/(\d{3})-([a-z0-9-]+)\.sql$/;

/** The migrations of a release in their order; `migrate` itself judges what they say. */
export function migrationsIn(source: SourceTree): readonly Migration[] {
  return source.paths.flatMap((path) => {
    const [, number, name = ''] = file.exec(path) ?? [];
    if (!number) return [];
    const text = source.text(path).replaceAll('\r\n', '\n');
    const [header = '', kind] = /^-- (expand|contract)\n/.exec(text) ?? [];
    if (kind !== 'expand' && kind !== 'contract') {
      throw new PipelineError(
        'MIGRATION_REFUSED',
        `${path} does not say of which kind it is: expected -- expand or -- contract as its first line.`,
      );
    }
    const checksum = createHash('sha256').update(text.slice(header.length)).digest('hex');
    return { id: Number(number), name, kind, checksum };
  });
}

/** The schema of a database that has all of these, as the services' `/health` tells it. */
export function schemaOf(migrations: readonly Migration[]): Schema {
  const hash = createHash('sha256');
  for (const { id, name, checksum } of migrations) hash.update(`${id} ${name} ${checksum}\n`);
  return { version: migrations.at(-1)?.id ?? 0, digest: hash.digest('hex') };
}

/** A migration as people name it. */
export const migrationLabel = ({ id, name }: Pick<Migration, 'id' | 'name'>): string =>
  `${String(id).padStart(3, '0')}-${name}`;
