import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { evaluate, type Ranking } from '../services/ml-service/src/evaluate/evaluate.ts';
import { modelRanking, popularityRanking } from '../services/ml-service/src/evaluate/rankings.ts';
import { type Split, splitAt } from '../services/ml-service/src/evaluate/split.ts';
import { type Dataset, datasetOf } from '../services/ml-service/src/model/dataset.ts';
import { itemOf } from '../services/ml-service/src/model/item.ts';
import { emptyModel } from '../services/ml-service/src/model/model.ts';
import { train } from '../services/ml-service/src/model/train.ts';
import { makeWorld, type World } from '../services/ml-service/test/helpers/world.ts';

/**
 * How well lists foretell what people then save, in worlds of known tastes: ours, popularity, and
 * Python's implicit and LightFM on the same split with the same evaluation. PYTHON names an interpreter
 * that has implicit; without it, only ours are judged.
 */
const DAY_MS = 86_400_000;
const seeds = (process.argv[2] ?? '21,22,23').split(',').map(Number);
const people = Number(process.argv[3] ?? 1_000);
const totals = new Map<string, number[][]>();

for (const seed of seeds) {
  const world = makeWorld({ seed, people });
  const cut = world.end - 21 * DAY_MS;
  const data = datasetOf(world, cut);
  const model = train(data);
  const beliefs = emptyModel(data.vocabulary, 1, () => 0.5);
  for (const onlyNew of [false, true]) {
    const split = splitAt(world, cut, world.end, { onlyNew });
    const rankings: Record<string, Ranking> = {
      ours: modelRanking(world, data, model),
      'ours, untrained': modelRanking(world, data, beliefs),
      popularity: popularityRanking(world, data),
      ...(await rankedByPython(world, data, split)),
    };
    for (const [name, ranking] of Object.entries(rankings)) {
      const { ndcg, recall, map, coverage, cohorts } = evaluate(split, ranking);
      const row = [ndcg, recall, map, coverage];
      row.push(cohorts.new.ndcg, cohorts.light.ndcg, cohorts.heavy.ndcg, split.trials.length);
      const key = `${onlyNew ? 'new events' : 'all events'} | ${name}`;
      totals.set(key, [...(totals.get(key) ?? []), row]);
    }
  }
}
console.log(
  '| split | ranking | NDCG@10 | recall@10 | MAP | coverage | new | light | heavy | people |',
);
console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
for (const [key, rows] of totals) {
  const means = (rows[0] ?? []).map(
    (_, i) => rows.reduce((sum, row) => sum + (row[i] ?? 0), 0) / rows.length,
  );
  const texts = means.map((it, i) => it.toFixed(i === 7 ? 0 : 3));
  console.log(`| ${key} | ${texts.join(' | ')} |`);
}
console.log(`\nActions until the list of a new person beats popularity:\n${actionsNeeded()}`);

async function rankedByPython(
  world: World,
  data: Dataset,
  split: Split,
): Promise<Record<string, Ranking>> {
  const python = process.env.PYTHON;
  if (!python) return {};
  const rows = [];
  for (let p = 0; p < data.people.length; p++) {
    for (let row = data.first[p] ?? 0; row < (data.first[p + 1] ?? 0); row++) {
      rows.push([data.people[p], data.events[data.event[row] ?? 0]?.id, data.strength[row]]);
    }
  }
  const trials = split.trials.map(({ user, candidates }) => ({ user, candidates }));
  const events = data.events.map(({ id }) => id);
  const features = world.events.map((event) => {
    const item = itemOf(event, data.vocabulary);
    return [event.id, Array.from(item.features, (it, i) => [it, item.weights[i]])];
  });
  const featureCount = data.vocabulary.size;
  const script = fileURLToPath(new URL('recommendations.py', import.meta.url));
  const child = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OPENBLAS_NUM_THREADS: '1' },
  });
  child.stdin.end(
    JSON.stringify({ people: data.people, events, rows, trials, features, featureCount }),
  );
  let text = '';
  for await (const part of child.stdout) text += part;
  const found = JSON.parse(text) as Record<string, number[][]>;
  return Object.fromEntries(
    Object.entries(found).map(([name, lists]) => {
      const byUser = new Map(split.trials.map(({ user }, i) => [user, lists[i] ?? []]));
      return [name, ({ user }) => byUser.get(user) ?? []];
    }),
  );
}

/** People whom training has never seen, given their first actions only: one by one. */
function actionsNeeded(): string {
  const lines: string[] = [];
  for (const seed of seeds) {
    const world = makeWorld({ seed, people });
    const cut = world.end - 21 * DAY_MS;
    const isStranger = (user: number) => user % 4 === 0;
    const others = {
      ...world,
      actions: world.actions.filter(({ user }) => !isStranger(user)),
      choices: new Map(),
    };
    const model = train(datasetOf(others, cut));
    const texts: string[] = [];
    for (const count of [0, 1, 2, 3, 5, 8]) {
      const known = firstActions(world, cut, count, isStranger);
      const data = datasetOf(known, cut);
      const all = splitAt({ ...world, choices: new Map() }, cut, world.end);
      const trials = all.trials.filter((it) => isStranger(it.user) && it.known >= 8);
      const ours = evaluate({ cut, trials }, modelRanking(known, data, model));
      const popular = evaluate({ cut, trials }, popularityRanking(known, data));
      texts.push(`${count}: ${ours.ndcg.toFixed(3)} against ${popular.ndcg.toFixed(3)}`);
    }
    lines.push(`seed ${seed}: ${texts.join('; ')}`);
  }
  return lines.join('\n');
}

function firstActions(
  world: World,
  cut: number,
  count: number,
  isStranger: (user: number) => boolean,
) {
  const seen = new Map<number, number>();
  const actions = world.actions.filter(({ user, at }) => {
    if (!isStranger(user)) return true;
    const before = seen.get(user) ?? 0;
    seen.set(user, before + 1);
    return at < cut && before < count;
  });
  return { ...world, actions, choices: new Map() };
}
