import test from 'ava';
import { services } from '../../ci/src/services.ts';
import { ConfigError, readConfig, type Settings } from '../../services/platform/src/config.ts';
import { containerOf, type Deployment, ofKind } from './helpers/objects.ts';
import { rendered } from './helpers/rendered.ts';
import { eachSetting, settingsOf } from './helpers/settings.ts';

const objects = await rendered('production');
const configMaps = new Map(
  ofKind(objects, 'ConfigMap').map((map) => [map.metadata.name, map.data]),
);

/** Read by Node itself. */
const ofNode = 'NODE_OPTIONS';

for (const { name } of services) {
  const deployment = deploymentOf(name);
  const settings = await settingsOf(name);
  const known = eachSetting(settings);

  test(`${name} – the environment of its pods – is a complete and valid configuration`, (t) => {
    t.deepEqual(problemsOf(settings, environmentOf(deployment)), []);
  });

  test(`${name} – without its Secret – has all it needs but what is secret or tells the database`, (t) => {
    const missing = problemsOf(settings, environmentOf(deployment, false));
    t.deepEqual(
      missing.map((problem) => problem.split(' ', 1)[0]).toSorted(),
      secretKeys(deployment).toSorted(),
    );
  });

  test(`${name} – each variable of its own – is one that it reads`, (t) => {
    const variables = known.map(({ variable }) => variable);
    const [, own = ''] = configMapNames(deployment);
    const given = [...Object.keys(configMaps.get(own) ?? {}), ...secretKeys(deployment, true)];
    t.deepEqual(
      given.filter((variable) => !variables.includes(variable) && variable !== ofNode),
      [],
    );
  });

  test(`${name} – each secret setting – comes from the Secret`, (t) => {
    const secret = known.filter(({ help }) => help.secret).map(({ variable }) => variable);
    t.deepEqual(
      secret.filter((variable) => !secretKeys(deployment, true).includes(variable)),
      [],
    );
  });
}

function deploymentOf(name: string): Deployment {
  const found = ofKind(objects, 'Deployment').find(({ metadata }) => metadata.name === name);
  if (!found) throw new Error(`no Deployment ${name}`);
  return found;
}

function problemsOf(settings: Settings, environment: Record<string, string>): readonly string[] {
  try {
    readConfig(settings, environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

const configMapNames = (deployment: Deployment): readonly string[] =>
  (containerOf(deployment).envFrom ?? []).map(({ configMapRef }) => configMapRef?.name ?? '');

function secretKeys(deployment: Deployment, withOptional = false): readonly string[] {
  const references = (containerOf(deployment).env ?? []).map(
    ({ valueFrom }) => valueFrom?.secretKeyRef,
  );
  return references
    .filter((reference) => reference && (withOptional || !reference.optional))
    .map((reference) => reference?.key ?? '');
}

/** What a container gets: later sources win, single variables last. */
function environmentOf(deployment: Deployment, withSecret = true): Record<string, string> {
  const environment = Object.assign(
    {},
    ...configMapNames(deployment).map((name) => configMaps.get(name)),
  ) as Record<string, string>;
  if (!withSecret) return environment;
  for (const key of secretKeys(deployment)) environment[key] = 'x'.repeat(32);
  return environment;
}
