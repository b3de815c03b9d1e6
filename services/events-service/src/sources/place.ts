import { metresBetween } from '../canonical/distance.ts';
import { wordsOf } from '../canonical/normalise.ts';
import type { Position } from '../canonical/source-event.ts';

export interface City {
  readonly name: string;
  readonly position: Position;
}

/** The city of ours that a place belongs to; undefined: it lies elsewhere. */
export type FindCity = (name: string | null, position: Position | null) => string | undefined;

const NEAR_M = 25_000;
/** Names that are written otherwise on purpose. */
const ALSO: ReadonlyMap<string, string> = new Map([
  ['baile atha cliath', 'Dublin'],
  ['corcaigh', 'Cork'],
  ['gaillimh', 'Galway'],
  ['luimneach', 'Limerick'],
  ['londonderry', 'Derry'],
  ['doire', 'Derry'],
  ['beal feirste', 'Belfast'],
  ['port lairge', 'Waterford'],
  ['cill chainnigh', 'Kilkenny'],
]);

/** Finds a city by its name, else by what is near: `Dublin 2`, `Co. Cork`, a village beside Galway. */
export function createFindCity(cities: readonly City[]): FindCity {
  const byName = new Map(cities.map(({ name }) => [wordsOf(name).join(' '), name]));
  return (name, position) => {
    if (name !== null) {
      const words = wordsOf(name).filter((word) => !/^(?:co|county|city|\d+)$/.test(word));
      const found = byName.get(words.join(' ')) ?? ALSO.get(words.join(' '));
      if (found && (!position || isNear(found, position))) return found;
    }
    if (!position) return undefined;
    const [nearest] = cities
      .map((city) => ({ city, metres: metresBetween(city.position, position) }))
      .toSorted((a, b) => a.metres - b.metres);
    return nearest && nearest.metres <= NEAR_M ? nearest.city.name : undefined;
  };

  /** There is a Dublin in Ohio, and a Cork in no place of ours is none. */
  function isNear(name: string, position: Position): boolean {
    const city = cities.find((it) => it.name === name);
    return city !== undefined && metresBetween(city.position, position) <= 3 * NEAR_M;
  }
}
