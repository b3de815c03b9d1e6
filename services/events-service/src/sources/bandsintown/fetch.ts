import type { TimeWindow } from '../../domain/time-window.ts';
import type { Ask } from '../http.ts';
import { readEnvelope } from '../rows.ts';
import { page } from './schema.ts';

export interface BandsintownOptions {
  /** `https://rest.bandsintown.com`, or what stands in for it. */
  readonly baseUrl: string;
  readonly appId: string;
  /** Whom to ask about before anybody else. */
  readonly artists: readonly string[];
  readonly mostArtists: number;
}

/** The rows of an artist's gigs in a window; an artist that is not known there has none. */
export async function fetchRows(
  { baseUrl, appId }: BandsintownOptions,
  ask: Ask,
  artist: string,
  { from, to }: TimeWindow,
): Promise<readonly unknown[]> {
  const url = new URL(`${baseUrl}/artists/${escaped(artist)}/events`);
  url.search = new URLSearchParams({ app_id: appId, date: `${day(from)},${day(to)}` }).toString();
  const body = await ask({ url });
  return body === undefined ? [] : readEnvelope(page, body);
}

/** What it takes for parts of the path has to be escaped twice. */
const escaped = (name: string) =>
  encodeURIComponent(name.replaceAll('/', '%2F').replaceAll('?', '%3F').replaceAll('*', '%2A'));

const day = (moment: Date) => moment.toISOString().slice(0, 10);
