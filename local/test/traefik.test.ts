import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { tryRun } from '../run.ts';
import { instance } from '../state.ts';
import { ports, readNodeSettings, traefikArguments } from '../traefik/arguments.ts';
import { buildTraefik } from '../traefik/build.ts';
import { makeCertificate } from '../traefik/certificate.ts';
import { showCertificate } from '../traefik/show-certificate.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const host = 'api.whatsthecraic.run.place';
let folder: string;
let traefik: ChildProcess;
let certificates: string;
let certificate: string;

/** curl beside Traefik, which has a network of its own; standard error tells headers and certificate. */
async function curl(...args: string[]): Promise<{ body: string; said: string }> {
  const enter = ['nsenter', `--net=/proc/${traefik.pid}/ns/net`, '--'];
  const asked = await tryRun([...enter, 'curl', '-sv', '-k', '-m', '5', ...args], {
    timeoutMs: 10_000,
  });
  return { body: asked.stdout, said: asked.stderr };
}

const overTls = (name: string) =>
  curl('--connect-to', `${name}:443:127.0.0.1:${ports.websecure}`, `https://${name}/`);

async function eventually(isSo: () => Promise<boolean>): Promise<boolean> {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    if (await isSo()) return true;
    await sleep(100);
  }
  return false;
}

test.before(async (t) => {
  t.timeout(1_200_000, 'the first run on a machine compiles Traefik');
  folder = await temporaryFolder();
  const program = await buildTraefik(instance('traefik-test').cacheFolder, t.log);
  certificates = join(folder, 'certificates.json');
  certificate = await makeCertificate(folder, [host]);
  await showCertificate(certificates, certificate);
  const args = traefikArguments(await readNodeSettings(), {
    ...{ volume: folder, certificates },
    authority: 'https://127.0.0.1:9/directory',
  }).filter((it) => !it.startsWith('--providers.kubernetesingress'));
  const start = 'ip link set lo up && exec "$@"';
  traefik = spawn('unshare', ['--net', '--', 'sh', '-c', start, 'sh', program, ...args], {
    stdio: 'ignore',
  });
  const ready = async () => (await curl(`http://127.0.0.1:${ports.admin}/ping`)).body === 'OK';
  if (!(await eventually(ready))) throw new Error('Traefik is not ready within 20 s');
});

test.after.always(async () => {
  if (traefik?.exitCode === null) {
    traefik.kill('SIGKILL');
    await once(traefik, 'close');
  }
  await rm(folder, { recursive: true, force: true });
});

for (const path of ['/events?q=a%20b&page=2', '/.well-known/acme-challenge/token', '/']) {
  test.serial(
    `Traefik with k8s/node’s settings – plain HTTP ${path} – redirected for good`,
    async (t) => {
      for (const name of [host, 'nobody.example.ie']) {
        const { said } = await curl('-H', `Host: ${name}`, `http://127.0.0.1:${ports.web}${path}`);
        t.regex(said, /^< HTTP\/1\.1 301 /m);
        t.true(said.includes(`< Location: https://${name}${path}\r\n`), said);
      }
    },
  );
}

test.serial(
  'Traefik with k8s/node’s settings – a host that no rule names – 404, by a certificate of its own',
  async (t) => {
    const { body, said } = await overTls('nobody.example.ie');
    t.is(body, '404 page not found\n');
    t.regex(said, /subject: CN=TRAEFIK DEFAULT CERT/);
  },
);

test.serial(
  'Traefik – a certificate shown, taken away, shown again – follows without a restart',
  async (t) => {
    const shows = (name: string) => async () =>
      (await overTls(host)).said.includes(`subject: CN=${name}`);
    t.true(await eventually(shows('self-made')));
    await showCertificate(certificates);
    t.true(await eventually(shows('TRAEFIK DEFAULT CERT')));
    await showCertificate(certificates, certificate);
    t.true(await eventually(shows('self-made')));
  },
);
