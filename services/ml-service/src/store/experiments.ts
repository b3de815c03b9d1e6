import { createHash } from 'node:crypto';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { Conflict, NotFound } from '@whatsthecraic/platform/errors';
import { z } from 'zod';
import { variant } from '../contract/fields.ts';

export type Variant = z.output<typeof variant>;

export interface Experiment {
  readonly id: string;
  readonly variants: readonly Variant[];
  readonly state: 'running' | 'ended';
}

const row = z.object({
  id: z.string(),
  variants: z.string().transform((text) => z.array(variant).parse(JSON.parse(text))),
  state: z.enum(['running', 'ended']),
});
const COLUMNS = 'SELECT id, variants, state FROM experiments';

/**
 * Always the same for a person and an experiment, and for another experiment independent of it, so that
 * those who saw the one are not those who see the other.
 */
export function assign(experiment: Experiment, user: number): Variant | undefined {
  const hash = createHash('sha256').update(`${experiment.id}\0${user}`).digest();
  const whole = experiment.variants.reduce((sum, { share }) => sum + share, 0);
  let rest = (hash.readUIntBE(0, 6) / 2 ** 48) * whole;
  for (const it of experiment.variants) {
    if (rest < it.share) return it;
    rest -= it.share;
  }
  return experiment.variants.at(-1);
}

/** One at a time: what two together do to the figures nobody could tell at this size. */
export async function runningExperiment(queries: Queries): Promise<Experiment | undefined> {
  const [found] = await queries.query(
    `${COLUMNS} WHERE state = 'running' ORDER BY created_at DESC LIMIT 1`,
    [],
    row,
  );
  return found;
}

export const listExperiments = (queries: Queries): Promise<Experiment[]> =>
  queries.query(`${COLUMNS} ORDER BY created_at DESC LIMIT 100`, [], row);

export function beginExperiment(
  database: Database,
  id: string,
  variants: readonly Variant[],
  at: Date,
): Promise<void> {
  return database.transaction(async (queries) => {
    const [known] = await queries.query(`${COLUMNS} WHERE id = ? FOR UPDATE`, [id], row);
    if (known) {
      throw new Conflict('experiment_exists', 'There is an experiment of this name', {
        detail: 'its people have their variants; take another name',
      });
    }
    await queries.run("UPDATE experiments SET state = 'ended' WHERE state = 'running'", []);
    await queries.run('INSERT INTO experiments (id, variants, created_at) VALUES (?, ?, ?)', [
      id,
      JSON.stringify(variants),
      at,
    ]);
  });
}

export async function endExperiment(database: Database, id: string): Promise<void> {
  await findExperiment(database, id);
  await database.run("UPDATE experiments SET state = 'ended' WHERE id = ?", [id]);
}

async function findExperiment(queries: Queries, id: string): Promise<Experiment> {
  const [found] = await queries.query(`${COLUMNS} WHERE id = ?`, [id], row);
  if (!found) throw new NotFound(`there is no experiment ${id}`, 'unknown_experiment');
  return found;
}

const count = z.object({
  variant: z.string(),
  people: z.int(),
  exposures: z.int(),
  clicked: z.int(),
  saved: z.int(),
});

/** Of each variant how many people and lists there were, and how many of the lists led to something. */
export async function resultsOf(queries: Queries, id: string) {
  const { variants, state } = await findExperiment(queries, id);
  const led = (action: string) =>
    `CAST(COUNT(DISTINCT CASE WHEN f.action = '${action}' THEN x.id END) AS SIGNED)`;
  const counts = await queries.query(
    `SELECT x.variant, CAST(COUNT(DISTINCT x.user_id) AS SIGNED) AS people,
       CAST(COUNT(DISTINCT x.id) AS SIGNED) AS exposures, ${led('click')} AS clicked,
       ${led('save')} AS saved
     FROM exposures x LEFT JOIN feedback f ON f.exposure_id = x.id
     WHERE x.experiment = ? AND x.variant IS NOT NULL GROUP BY x.variant`,
    [id],
    count,
  );
  return {
    id,
    state,
    variants: variants.map(({ name, ranking }) => {
      const found = counts.find((it) => it.variant === name);
      const { people = 0, exposures = 0, clicked = 0, saved = 0 } = found ?? {};
      const rate = (part: number) => (exposures === 0 ? null : part / exposures);
      return {
        ...{ name, ranking, people, exposures },
        ...{ clickRate: rate(clicked), saveRate: rate(saved) },
      };
    }),
  };
}
