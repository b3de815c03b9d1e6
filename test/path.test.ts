import { readdir, rm } from 'node:fs/promises';
import test, { type ExecutionContext } from 'ava';
import { systemClock } from '../ci/src/clock.ts';
import { verifyHealth } from '../ci/src/health/verify.ts';
import { readRecords } from '../ci/src/release/records.ts';
import type { Release, ServiceResult } from '../ci/src/report/release.ts';
import { releaseText } from '../ci/src/report/release-text.ts';
import { releasesText } from '../ci/src/report/releases-text.ts';
import { reportFiles } from '../ci/src/report/report-files.ts';
import { statusText } from '../ci/src/report/status-text.ts';
import { rollback } from '../ci/src/rollback.ts';
import { services } from '../ci/src/services.ts';
import { openTarget } from '../ci/src/target/open-target.ts';
import { createAdmin } from '../local/admin.ts';
import { firstIngestion } from '../local/ingest-at-once.ts';
import { knownNetwork } from '../local/network.ts';
import { bringUp, type Platform, takeDown } from '../local/platform.ts';
import { demo } from '../local/site-database.ts';
import { instance } from '../local/state.ts';
import { leftovers } from '../local/test/helpers/leftovers.ts';
import { until } from '../services/platform/test/helpers/start.ts';
import { askAbout } from './helpers/ask-about.ts';
import { commit, copyRepository, prepend } from './helpers/copy-repository.ts';
import { hurryLiveness } from './helpers/hurry-liveness.ts';
import { ingressTests } from './helpers/ingress/tests.ts';
import { lastingPods } from './helpers/lasting-pods.ts';
import { interrupt, startMake } from './helpers/make-process.ts';
import { outageTests } from './helpers/outages/tests.ts';
import { restartUnderLoad } from './helpers/rolling-restart.ts';

// Not the instance of `make up`, which may be running beside this.
const own = instance('path-test');
const port = 4600;
const site = `http://localhost:${port}`;
/** The manifests' 20 s between two probes of liveness would make a test of a minute. */
const LIVENESS_SECONDS = 10;
/** Three failed probes would have restarted a pod by then. */
const LIVENESS_GIVES_UP_MS = 4 * LIVENESS_SECONDS * 1_000;

let repository: string;
let platform: Platform;

/** A release as `make up` makes it, from the test's own copy of the repository. */
async function up(t: ExecutionContext): Promise<Release> {
  platform = await bringUp({
    instance: own,
    repository,
    port,
    soakSeconds: 2,
    say: (text) => t.log(text),
  });
  return platform.release;
}

const service = (release: Release, name: string): ServiceResult =>
  release.services.find((it) => it.service === name) ?? (undefined as never);

const built = (release: Release) =>
  release.services.filter((it) => it.built).map((it) => it.service);
const rolled = (release: Release) =>
  release.services.filter((it) => it.newPods > 0).map((it) => it.service);

/** Leaves out the pods of a release's own Jobs, whose work is done. */
const unended = '--field-selector=status.phase!=Succeeded';

/** Pods that are not ready, by name. */
async function brokenPods(): Promise<string[]> {
  const { kubectl, kubeconfig } = platform.place;
  const path =
    'jsonpath={range .items[*]}{.metadata.name} {.status.containerStatuses[0].ready}{"\\n"}{end}';
  const pods = await createAdmin(
    kubectl,
    kubeconfig,
  )(['get', 'pods', '-n', 'whatsthecraic', unended, lastingPods, '-o', path]);
  return pods.split('\n').filter((line) => line.endsWith(' false'));
}

const json = async (path: string, init?: RequestInit) =>
  (await fetch(`${site}${path}`, init)).json() as Promise<Record<string, unknown>>;

test.before(async () => {
  await takeDown({ instance: own, say: () => undefined });
  repository = await copyRepository();
  await hurryLiveness(repository, LIVENESS_SECONDS);
  await commit(repository, 'Hurry');
  // Neither may have any effect: another cluster or server is used only when named.
  process.env.KUBECONFIG = '/nonexistent/kubeconfig';
  process.env.DB_HOST = 'production.invalid';
});

test.after.always(async () => {
  await takeDown({ instance: own, say: () => undefined });
  if (repository) await rm(repository, { recursive: true, force: true });
});

test.serial(
  'make up – killed and interrupted on its way – serves the verified platform',
  async (t) => {
    const killed = startMake('up', own, '--port', String(port));
    await killed.said(/Kubernetes answers/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const interrupted = startMake('up', own, '--port', String(port));
    await interrupted.said(/the node is ready/);
    interrupt(interrupted);
    t.is(await interrupted.ended, 130);
    t.regex(interrupted.lines.at(-1) ?? '', /^Interrupted\. make up goes on from here; make down/);

    const release = await up(t);

    t.log(releaseText(release));
    t.is(release.state, 'verified');
    t.is(rolled(release).length, 6);
    t.true(release.services.every((it) => it.proven && it.readySeconds !== undefined));
    t.is(new Set(release.services.map((it) => it.image.split('@')[1])).size, 6);
  },
);

test.serial('the site – six services – each answers one real question', async (t) => {
  const login = await json('/v1/auth/login', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demo),
  });
  t.is(typeof login.token, 'string');
  const headers = { authorization: `Bearer ${login.token}` };
  const artists = await json('/events/spotify/search?q=paper%20wolves', { headers });
  t.true(JSON.stringify(artists).includes('Paper Wolves'), 'Spotify’s stand-in is reached');
  const found = (await json('/v1/events/search?limit=5')) as { events: unknown[] };
  t.is(found.events.length, 5);
  for (const path of ['/djs', '/venues', '/v1/recommendations']) {
    const [list] = Object.values(await json(path)).filter(Array.isArray);
    t.true((list ?? []).length > 0, path);
  }
  const page = await fetch(site);
  t.regex(await page.text(), /<html/i);
});

test.serial(
  'verify-health – through a kubeconfig – asks Services from a Job and leaves none',
  async (t) => {
    const { kubectl, kubeconfig } = platform.place;
    const target = await openTarget({ overlay: 'local', kubectl, kubeconfig });

    const results = await verifyHealth({
      target,
      services,
      clock: systemClock,
      soakSeconds: 0,
      say: (line) => t.log(line),
    });

    t.deepEqual(
      results.filter((it) => !it.healthy).map((it) => it.message),
      [],
    );
    t.true(results.every((it) => it.findings.some((finding) => finding.via === 'service')));
    const byNoClock = '--selector=app.kubernetes.io/name notin (alerts,ingest,ml-training)';
    const jobs = ['get', 'jobs', '--namespace=whatsthecraic', byNoClock, '-o', 'name'];
    const left = await createAdmin(kubectl, kubeconfig)(jobs);
    t.regex(left, /^job\.batch\/migrate-\S+\n?$/, 'that of the migrations, for its log');
  },
);

ingressTests(() => ({ instance: own, repository, platform }));

test.serial('the CronJob of sources – started once by make up – brings their gigs', async (t) => {
  const { kubectl, kubeconfig } = platform.place;
  const admin = createAdmin(kubectl, kubeconfig);
  for (const source of ['ticketmaster', 'bandsintown', 'eventbrite', 'dice']) {
    const path = `/v1/events/search?source=${source}&limit=5`;
    const found = async () => ((await json(path)) as { events?: unknown[] }).events?.length;
    // By now they are there, unless the machine is a slow one.
    await until(async () => (await found()) === 5, 120_000);
    t.is(await found(), 5, source);
  }
  // The Job itself goes when the next one that the schedule starts has ended.
  const ofJob = `--field-selector=involvedObject.name=${firstIngestion}`;
  t.regex(
    await admin(['get', 'events', '--namespace=whatsthecraic', ofJob, '-o', 'jsonpath={..reason}']),
    /SuccessfulCreate/,
  );
});

const restarts = [
  { deployment: 'events-service', others: [] },
  { deployment: 'aggregator', others: ['events-service'] },
];
for (const { deployment, others } of restarts) {
  const what = [deployment, ...others].join(' and ');
  test.serial(`rolling restart – ${what}, 3 times, at 70 % – drops no request`, async (t) => {
    const { kubectl, kubeconfig } = platform.place;
    const { loads, ...figures } = await restartUnderLoad({
      admin: createAdmin(kubectl, kubeconfig),
      ...{ deployment, others, path: '/v1/events/search?limit=5', times: 3 },
      say: (line) => t.log(line),
    });

    t.log(JSON.stringify({ ...figures, ...loads }));
    for (const load of Object.values(loads)) {
      t.deepEqual(load.failures, {});
      t.is(load.answered, load.sent);
    }
  });
}

outageTests(() => ({ instance: own, platform, livenessMs: LIVENESS_GIVES_UP_MS }));

test.serial('make up – again – builds nothing and rolls nothing', async (t) => {
  const release = await up(t);

  t.is(release.state, 'verified');
  t.deepEqual(built(release), []);
  t.deepEqual(rolled(release), []);
});

test.serial('make up – one service edited and committed – builds and rolls it alone', async (t) => {
  await prepend(repository, 'services/venue-service/src/server.ts', '// An edit.\n');
  await commit(repository, 'Edit');

  const release = await up(t);

  t.is(release.state, 'verified');
  t.deepEqual(built(release), ['venue-service']);
  t.deepEqual(rolled(release), ['venue-service']);
  t.regex(release.commit, /^[0-9a-f]{40}$/);
  for (const { name } of services) {
    const tags = await fetch(`${platform.place.registry}/v2/whatsthecraic/${name}/tags/list`);
    const named = ((await tags.json()) as { tags: string[] }).tags.includes(release.commit);
    t.true(named, `${name} is named by the commit too, built or not`);
  }
});

test.serial(
  'rollback – to the release before – all of it serves again, as a new one',
  async (t) => {
    const { kubectl, kubeconfig } = platform.place;
    const target = await openTarget({ overlay: 'local', kubectl, kubeconfig });
    const [serving] = await readRecords(target);

    const say = (line: string) => t.log(line);
    const release = await rollback({ overlay: 'local', target, services: [], soakSeconds: 2, say });

    t.is(release.state, 'verified');
    t.deepEqual(rolled(release), ['venue-service']);
    t.not(release.restores, serving?.release.id);
    const [newest] = await readRecords(target);
    t.is(newest?.release.id, release.id);
    t.log(releasesText(await readRecords(target)));
    t.is((await fetch(`${site}/v1/events/search?limit=1`)).status, 200);
  },
);

test.serial('make up – one service exits at start – says why and leaves the others', async (t) => {
  const broken = "console.error('FATAL: the decks are on fire');\nprocess.exit(3);\n";
  const mend = await prepend(repository, 'services/dj-service/src/server.ts', broken);

  const release = await up(t);

  t.log(releaseText(release));
  const dj = service(release, 'dj-service');
  t.is(release.state, 'degraded');
  t.true(release.commit.endsWith('-dirty'));
  t.is(dj.code, 'CRASHED');
  t.is(dj.exitCode, 3);
  t.true(dj.evidence?.log.includes('FATAL: the decks are on fire'));
  t.deepEqual(rolled(release), ['dj-service', 'venue-service']);
  t.true(release.services.every((it) => it.proven || it.service === 'dj-service'));
  t.is((await fetch(`${site}/djs`)).status, 200, 'the old pod still serves');
  t.deepEqual(release.wentBack?.services, ['dj-service']);
  t.true(release.wentBack?.proven);
  t.deepEqual(await brokenPods(), [], 'nothing of it is left to crash on');

  await mend();
  const mended = await up(t);
  t.is(mended.state, 'verified');
  t.deepEqual(built(mended), [], 'the earlier image is found by its inputs');
});

test.serial('status, diagnose, logs, report – after that – tell how all of it is', async (t) => {
  const target = await platform.place.openTarget();
  const records = await readRecords(target);
  const degraded = records.find(({ release }) => release.state === 'degraded');

  const { status, diagnosis, logs } = await askAbout(target);
  const files = degraded ? reportFiles(degraded) : {};

  t.log(statusText(status));
  t.is(status.verdict, 'well', status.summary);
  t.deepEqual(status.notAsked, []);
  t.is(status.serving?.release, platform.release.id);
  t.true(status.services.every((it) => it.state === 'well' && (it.memory.used ?? 0) > 0));
  t.true(diagnosis.services.every((it) => it.code === 'HEALTHY'));
  t.deepEqual(logs.map((it) => it.service).toSorted(), services.map(({ name }) => name).toSorted());
  t.true(logs.every(({ lines }) => lines.length > 0));
  const report = JSON.parse(files['report.json'] ?? '{}') as { state: string };
  t.is(report.state, 'degraded');
  for (const name of ['report.json', 'junit.xml', 'summary.md', 'report.html']) {
    t.true(files[name]?.includes('CRASHED'), name);
  }
  // A workflow's page has room for the verdicts alone.
  for (const name of ['report.json', 'junit.xml', 'report.html']) {
    t.true(files[name]?.includes('the decks are on fire'), name);
  }
});

test.serial(
  'make up – a critical service exits at start – the whole release goes back',
  async (t) => {
    const broken = "console.error('FATAL: no gateway today');\nprocess.exit(4);\n";
    const mend = await prepend(repository, 'services/aggregator/src/server.ts', broken);
    await prepend(repository, 'services/ml-service/src/server.ts', '// An edit.\n');

    const release = await up(t);

    t.log(releaseText(release));
    t.is(release.state, 'rolled-back');
    t.true(release.wentBack?.proven);
    t.deepEqual(await brokenPods(), []);
    t.is((await fetch(`${site}/v1/events/search?limit=1`)).status, 200);
    const { kubectl, kubeconfig } = platform.place;
    const target = await openTarget({ overlay: 'local', kubectl, kubeconfig });
    const [restored, own] = await readRecords(target);
    t.is(own?.release.state, 'rolled-back');
    t.is(restored?.release.state, 'verified');
    t.is(restored?.release.restores, release.wentBack?.to);
    await mend();
  },
);

test.serial('make up – a namespace that it did not make – touches nothing', async (t) => {
  const { kubectl, kubeconfig, instanceId } = platform.place;
  const admin = createAdmin(kubectl, kubeconfig);
  const label = 'whatsthecraic.run.place/local-instance';
  const pods = () => admin(['get', 'pods', '-A', lastingPods, '-o', 'name']);
  const before = await pods();
  await admin(['label', 'namespace', 'whatsthecraic', `${label}=somebody`, '--overwrite']);

  const error = await t.throwsAsync(up(t));

  t.is((error as { code?: string }).code, 'NAMESPACE_NOT_OURS');
  t.is(await pods(), before);
  await admin(['label', 'namespace', 'whatsthecraic', `${label}=${instanceId}`, '--overwrite']);
});

test.serial('make down – leaves no process, mount, namespace, link or cgroup', async (t) => {
  const link = (await knownNetwork(own))?.linkName ?? '';
  t.not((await leftovers(own, link)).length, 0, 'the search for leftovers finds a running node');
  await takeDown({ instance: own, say: (text) => t.log(text) });

  t.deepEqual(await leftovers(own, link), []);
  t.deepEqual(await readdir(own.stateFolder).catch(() => []), []);
});
