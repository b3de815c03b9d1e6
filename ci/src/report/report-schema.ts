import { momentNames } from './timeline.ts';

const text = { type: 'string' };
const bool = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const seconds = { type: 'number', minimum: 0 };
const names = { type: 'array', items: text };
const image = { type: 'string', pattern: '^([^@]+@sha256:[0-9a-f]{64})?$' };

const object = (
  properties: Readonly<Record<string, object>>,
  optional: readonly string[] = [],
) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
});

const phases = {
  type: 'array',
  description: 'The steps that were taken, in seconds since the release began.',
  items: object({ name: text, from: seconds, to: seconds }),
};

const moments = {
  description: 'When each was first seen, in seconds since the release began.',
  ...object(Object.fromEntries(momentNames.map((name) => [name, seconds])), momentNames),
};

const serves = {
  description: 'What serves for it since the release has ended.',
  ...object({ image, source: text, proven: bool }),
};

const service = object(
  {
    ...{ service: text, critical: bool, proven: bool, code: text, message: text },
    before: { ...image, description: 'The image that ran before.' },
    ...{ image, source: text, built: bool, newPods: count, restarts: count },
    readySeconds: { ...seconds, description: 'From the apply until its rollout was complete.' },
    exitCode: { type: 'integer' },
    ...{ warnings: names, log: names, serves, moments },
  },
  ['before', 'readySeconds', 'exitCode', 'serves'],
);

const wentBack = object(
  {
    ...{ to: text, as: text, services: names, proven: bool, trouble: text, phases },
    moments: { type: 'object', additionalProperties: moments },
  },
  ['as', 'trouble'],
);

/**
 * What report.json holds, by JSON Schema. Names stay as they are within a version; new ones may come,
 * so nothing is said of those that are not here.
 */
export const reportSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A release of WhatsTheCraic',
  ...object(
    {
      version: { const: 1 },
      ...{ release: text, overlay: text, target: text },
      state: { enum: ['deploying', 'verified', 'degraded', 'failed', 'rolled-back'] },
      code: { enum: ['RELEASE_DEGRADED', 'RELEASE_FAILED', 'RELEASE_ROLLED_BACK'] },
      ...{ commit: text, branch: text, by: text },
      startedAt: { type: 'string', format: 'date-time' },
      seconds: object(
        Object.fromEntries(
          ['images', 'apply', 'serving', 'verified', 'total'].map((name) => [name, seconds]),
        ),
      ),
      ...{ restores: text, restoredServices: names },
      ...{ services: { type: 'array', items: service }, phases, wentBack },
    },
    ['code', 'by', 'restores', 'restoredServices', 'wentBack'],
  ),
};
