import type { Position } from '@whatsthecraic/platform/bounding-box';
import { type FieldError, InvalidRequest } from '@whatsthecraic/platform/errors';
import { type TimeWindow, timeWindow, type WindowAsked } from '../domain/time-window.ts';
import type { SORTS, SOURCES } from './contract.ts';

interface Filters {
  readonly city?: string | undefined;
  readonly near?: Position | undefined;
  readonly radiusKm?: number | undefined;
  readonly q?: string | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly priceMin?: number | undefined;
  readonly priceMax?: number | undefined;
  readonly free?: boolean | undefined;
  readonly source?: (typeof SOURCES)[number] | undefined;
  readonly artist?: string | undefined;
  readonly venue?: string | undefined;
}

type Sort = (typeof SORTS)[number];
export type Asked = Filters & WindowAsked & { readonly sort?: Sort | undefined };

/** A search that makes sense. */
export type Wanted = Filters & { readonly window: TimeWindow; readonly sort: Sort };

/** What a query means; what contradicts itself is a fault of the request, told by field. */
export function wantedOf({ from, to, when, sort, ...filters }: Asked, now: Date): Wanted {
  const { near, radiusKm, priceMin, priceMax, free, q } = filters;
  const errors: FieldError[] = [];
  const refuse = (field: string, message: string) =>
    errors.push({ field: `query.${field}`, message });
  if (radiusKm !== undefined && !near) refuse('radiusKm', 'needs near');
  if (sort === 'nearest' && !near) refuse('sort', 'nearest needs near');
  if (sort === 'relevance' && q === undefined) refuse('sort', 'relevance needs q');
  if (priceMin !== undefined && priceMax !== undefined && priceMin > priceMax) {
    refuse('priceMin', 'is more than priceMax');
  }
  if (free && priceMin !== undefined && priceMin > 0) refuse('priceMin', 'contradicts free=true');
  if (errors.length > 0) throw new InvalidRequest(errors);
  return { ...filters, window: timeWindow({ from, to, when }, now), sort: sort ?? 'soonest' };
}
