import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { podTemplateOf } from '../../ci/src/manifests/pod-template.ts';
import { secretsOf } from '../../ci/src/manifests/secrets.ts';
import { services } from '../../ci/src/services.ts';
import { containerOf, ofKind } from './helpers/objects.ts';
import { overlays } from './helpers/overlays.ts';
import { manifestFolder } from './helpers/rendered.ts';
import { eachSetting, settingsOf } from './helpers/settings.ts';

/** What the Secret may hold: the keys of the template, commented ones included. */
const template = readFileSync(join(manifestFolder, 'secrets.yaml'), 'utf8');
const { stringData } = parse(template.replaceAll(/^ {2}# ([A-Z_]+:)/gm, '  $1')) as {
  stringData: Record<string, string>;
};
const keys = new Set(Object.keys(stringData));

/** What the Secret of make up holds besides, and the overlay `local` hands on: where the stand-ins are. */
const ofStandIns: Readonly<Record<string, readonly string[]>> = {
  'events-service': ['SOURCES_URL'],
  ingest: ['SOURCES_URL', 'BANDSINTOWN_SEED_ARTISTS', 'DICE_APIFY_ENABLED'],
};
const besides = (overlay: string, name: string) =>
  overlay === 'local' ? (ofStandIns[name] ?? []) : [];

for (const { name } of services) {
  const settings = eachSetting(await settingsOf(name));
  const readable = settings.map(({ variable }) => variable).filter((key) => keys.has(key));

  for (const [overlay, objects] of overlays) {
    test(`${overlay} – ${name} – gets the keys of the Secret that its settings name, each and no other`, (t) => {
      const deployment = ofKind(objects, 'Deployment').find((it) => it.metadata.name === name);
      if (!deployment) return t.fail();
      const given = (containerOf(deployment).env ?? []).map(({ name: variable, valueFrom }) => {
        t.is(valueFrom?.secretKeyRef?.key, variable);
        return variable;
      });
      t.deepEqual(given.toSorted(), [...readable, ...besides(overlay, name)].toSorted());
    });
  }

  test(`${name} – what its settings call secret – is a key of the Secret’s template`, (t) => {
    const secret = settings.filter(({ help }) => help.secret).map(({ variable }) => variable);
    t.deepEqual(
      secret.filter((variable) => !keys.has(variable)),
      [],
    );
  });
}

for (const [overlay, objects] of overlays) {
  test(`${overlay} – the Job of the migrations – gets the keys that its settings name, each and no other`, async (t) => {
    const job = objects.find(({ kind }) => kind === 'Job');
    const template = job && podTemplateOf(job);
    const given = template?.spec.containers[0]?.env ?? [];
    const readable = eachSetting(await settingsOf('database')).map(({ variable }) => variable);
    t.deepEqual(
      given.map(({ valueFrom }) => valueFrom?.secretKeyRef?.key).toSorted(),
      readable.filter((key) => keys.has(key)).toSorted(),
    );
    for (const { name, valueFrom } of given) t.is(valueFrom?.secretKeyRef?.key, name);
  });
}

const { alertSettings, ingestionSettings } = await import(
  '../../services/events-service/src/config.ts'
);
const { trainingSettings } = await import('../../services/ml-service/src/config.ts');
const jobs = [
  ['ingest', ingestionSettings],
  ['alerts', alertSettings],
  ['ml-training', trainingSettings],
] as const;

for (const [[overlay, objects], [jobName, jobSettings]] of [...overlays].flatMap((it) =>
  jobs.map((job) => [it, job] as const),
)) {
  test(`${overlay} – ${jobName} – gets the keys that its settings name, each and no other, and runs one at a time`, (t) => {
    const job = objects.find(
      ({ kind, metadata }) => kind === 'CronJob' && metadata.name === jobName,
    );
    const given = (job && podTemplateOf(job)?.spec.containers[0]?.env) ?? [];
    const readable = eachSetting(jobSettings).map(({ variable }) => variable);
    t.deepEqual(
      given.map(({ valueFrom }) => valueFrom?.secretKeyRef?.key).toSorted(),
      [...readable.filter((key) => keys.has(key)), ...besides(overlay, jobName)].toSorted(),
    );
    for (const { name, valueFrom } of given) t.is(valueFrom?.secretKeyRef?.key, name);
    t.is(
      (job as { spec?: { concurrencyPolicy?: string } } | undefined)?.spec?.concurrencyPolicy,
      'Forbid',
    );
  });
}

test('secret template – its keys – include what the test reads them for', (t) => {
  for (const key of ['DB_HOST', 'DB_PORT', 'DB_PASSWORD', 'JWT_SECRET', 'SPOTIFY_CLIENT_SECRET']) {
    t.true(keys.has(key), key);
  }
});

test('aggregator – which has neither database nor tokens – reads no Secret at all', (t) => {
  for (const objects of overlays.values()) {
    const aggregator = objects.find(
      ({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'aggregator',
    );
    const pods = aggregator && podTemplateOf(aggregator);
    t.deepEqual(pods && secretsOf(pods), []);
  }
});
