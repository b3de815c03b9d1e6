import { contract as ml } from '@whatsthecraic/ml-service/contract';
import type { Log } from '@whatsthecraic/platform/log';
import { ownHeaders } from '@whatsthecraic/platform/upstream/own-headers';
import { parseAnswer } from '@whatsthecraic/platform/upstream/parse-answer';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { Learned } from './rank.ts';

const { path, response } = ml.recommendForMe;

export interface Told {
  readonly byEvent: ReadonlyMap<number, Learned>;
  /** Whether a model that knows people has judged; else it is what everybody likes. */
  readonly isPersonal: boolean;
}

/** What ranked them when no model did. */
const POPULARITY = 'popularity';

/** What ml-service has learned of these events for the owner of a token; `undefined` when it does not say. */
export async function askLearned(
  upstream: Upstream,
  ids: readonly number[],
  authorization: string,
  log: Log,
): Promise<Told | undefined> {
  try {
    const body = JSON.stringify({ events: ids, limit: 100, expose: false });
    const answer = await upstream.send({
      ...{ method: 'POST', path, body: Buffer.from(body) },
      headers: { ...ownHeaders(), 'content-type': 'application/json', authorization },
    });
    const text = await answer.body.text();
    const told = parseAnswer(upstream.name, answer.status, text, response.body);
    return {
      isPersonal: told.modelVersion !== POPULARITY,
      byEvent: new Map(
        told.recommendations.map(({ event, score, reason }) => [event.id, { score, reason }]),
      ),
    };
  } catch (error) {
    log.info({ err: error }, 'feed without what ml-service has learned');
    return undefined;
  }
}
