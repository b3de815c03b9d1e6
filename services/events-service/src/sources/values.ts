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

export const positionFrom = (latitude: number | null, longitude: number | null): Position | null =>
  latitude === null || longitude === null ? null : positionOf({ latitude, longitude });

/** `18+`, `Over 21s`, `16 and over` as years; null for what names none that is believable. */
export function ageOf(text: string | null): number | null {
  const years = Number(/\b(\d{1,2})\b/.exec(text ?? '')?.[1]);
  return years >= 12 && years <= 30 ? years : null;
}
