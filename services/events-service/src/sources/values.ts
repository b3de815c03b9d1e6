import type { Position, SourceEvent } from '../canonical/source-event.ts';

/** A position, unless it is how some write that they know none. */
export const positionOf = (position: Position | null | undefined): Position | null =>
  position && (position.latitude !== 0 || position.longitude !== 0)
    ? { latitude: position.latitude, longitude: position.longitude }
    : null;

/** A price in minor units; one that ends before it begins is turned round. */
export function priceOf(
  min: number | null,
  max: number | null,
  currency: string,
): SourceEvent['price'] {
  const known = [min, max].filter((it) => it !== null).map((it) => Math.round(it * 100));
  if (known.length === 0) return null;
  return {
    min: min === null ? null : Math.min(...known),
    max: max === null ? null : Math.max(...known),
    currency,
  };
}
