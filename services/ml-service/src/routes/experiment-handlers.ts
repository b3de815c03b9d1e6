import type { Handlers } from '@whatsthecraic/platform/route';
import type { experiments } from '../contract/experiments.ts';
import {
  beginExperiment,
  endExperiment,
  listExperiments,
  resultsOf,
} from '../store/experiments.ts';
import type { Parts } from './handlers.ts';

export const experimentHandlers = ({ database, now }: Parts): Handlers<typeof experiments> => ({
  async listExperiments() {
    const found = await listExperiments(database);
    return {
      experiments: found.map(({ variants, ...rest }) => ({ ...rest, variants: [...variants] })),
    };
  },
  async beginExperiment({ params, body }) {
    await beginExperiment(database, params.id, body.variants, now());
    return { id: params.id };
  },
  async endExperiment({ params }) {
    await endExperiment(database, params.id);
    return { id: params.id };
  },
  experimentResults: ({ params }) => resultsOf(database, params.id),
});
