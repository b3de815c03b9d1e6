import { once, replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { z } from 'zod';
import type { models } from '../contract/models.ts';
import { POPULARITY } from '../models/keeper.ts';
import { isTrainingRequested, requestTraining } from '../store/training-requests.ts';
import { latestVersions, rollBack } from '../store/versions.ts';
import type { Parts } from './handlers.ts';

const wentBack = z.object({ inService: z.string() });

export const modelHandlers = ({ database, keeper, now }: Parts): Handlers<typeof models> => ({
  async listModels() {
    const [versions, trainingRequested] = await Promise.all([
      latestVersions(database, 20),
      isTrainingRequested(database),
    ]);
    return {
      inService: keeper.serving.version,
      trouble: keeper.trouble ?? null,
      trainingRequested,
      models: versions.map(({ dataFrom, dataTo, trainedAt, sha256: _, bytes: __, ...rest }) => ({
        ...rest,
        dataFrom: dataFrom.toISOString(),
        dataTo: dataTo.toISOString(),
        trainedAt: trainedAt.toISOString(),
      })),
    };
  },

  requestTraining: async ({ caller }) => ({
    request: await requestTraining(database, caller.id, now()),
  }),

  async rollBackModel({ caller, headers, body }) {
    const claim = {
      ...{ owner: `user:${caller.id}`, operation: 'roll-back-model' },
      ...{ key: headers['idempotency-key'], request: body },
    };
    const { value, replayed } = await database.transaction((queries) =>
      once(queries, claim, wentBack, async () => {
        const version = await rollBack(queries, body.version, caller.id, now());
        return { inService: version ?? POPULARITY.version };
      }),
    );
    await keeper.follow();
    return new Answer(value, { headers: replayedHeader(replayed) });
  },
});
