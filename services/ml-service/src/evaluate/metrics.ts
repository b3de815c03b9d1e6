/** How good one list was for one person. */
export interface Figures {
  readonly ndcg: number;
  readonly recall: number;
  readonly map: number;
}

/** Of the first `k` of a list, against the events that the person then went for. */
export function figuresOf(list: readonly number[], wanted: ReadonlySet<number>, k = 10): Figures {
  let gain = 0;
  let hits = 0;
  let precisions = 0;
  for (let i = 0; i < Math.min(k, list.length); i++) {
    if (!wanted.has(list[i] as number)) continue;
    hits += 1;
    gain += 1 / Math.log2(i + 2);
    precisions += hits / (i + 1);
  }
  const most = Math.min(k, wanted.size);
  let ideal = 0;
  for (let i = 0; i < most; i++) ideal += 1 / Math.log2(i + 2);
  return { ndcg: gain / ideal, recall: hits / wanted.size, map: precisions / most };
}

export function mean(all: readonly Figures[]): Figures {
  const of = (key: keyof Figures) =>
    all.length === 0 ? 0 : all.reduce((sum, it) => sum + it[key], 0) / all.length;
  return { ndcg: of('ndcg'), recall: of('recall'), map: of('map') };
}
