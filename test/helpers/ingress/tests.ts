import test from 'ava';
import { stopTraefik } from '../../../local/traefik/index.ts';
import { until } from '../../../services/platform/test/helpers/start.ts';
import { askHost, keptConnection } from './ask.ts';
import { type IngressStage, type IngressStageOptions, setIngressStage } from './stage.ts';
import { becomes, verify } from './verify.ts';

/**
 * The way from outside, through a real Traefik with the settings of k8s/node, to a platform that is up:
 * registered where the platform's own tests are, since it stands for all of them.
 */
export function ingressTests(options: () => IngressStageOptions): void {
  let stage: IngressStage;
  const ask = (host: string, more: { path?: string; tls?: boolean } = {}) =>
    askHost({ address: stage.traefik.address, host, ...more });

  test.serial(
    'ingress – four hosts, over SSM and a kubeconfig – this release answers',
    async (t) => {
      stage = await setIngressStage(options());
      t.is(stage.hosts.length, 4);

      for (const target of Object.values(stage.targets)) {
        const results = [...(await verify(stage, target)).values()];

        t.deepEqual(
          results.filter((it) => !it.healthy).map((it) => it.message),
          [],
        );
        const asked = results.flatMap((it) => it.findings.filter(({ via }) => via === 'ingress'));
        t.deepEqual(
          asked.map(({ subject, service }) => [subject, service]).toSorted(),
          stage.hosts.map(({ host, service }) => [host, service]).toSorted(),
        );
        t.true(results.every(({ source }) => source.startsWith('src-')));
        for (const { certificate } of asked) t.regex(certificate?.message ?? '', /unknown issuer/);
      }
      for (const { host } of stage.hosts)
        t.regex((await ask(host)).names, new RegExp(`DNS:${host}`));
    },
  );

  test.serial(
    'ingress – plain HTTP – every host is redirected for good, path and query kept',
    async (t) => {
      const hosts = [...stage.hosts.map(({ host }) => host), 'nobody.example.ie'];
      for (const host of hosts) {
        for (const path of ['/events?q=a%20b&page=2', '/.well-known/acme-challenge/token']) {
          const { status, location } = await ask(host, { path, tls: false });
          t.is(status, 301);
          t.is(location, `https://${host}${path}`);
        }
      }
    },
  );

  test.serial(
    'ingress – a host that no rule names – 404, and no certificate of ours',
    async (t) => {
      const { status, body, names } = await ask('nobody.example.ie');
      t.is(status, 404);
      t.is(body, '404 page not found\n');
      for (const { host } of stage.hosts) t.false(names.includes(host));
    },
  );

  test.serial(
    'ingress – a connection from before a rollout – leads to the new pod, nothing lost',
    async (t) => {
      const agent = keptConnection();
      t.teardown(() => agent.destroy());
      const { host = '' } = stage.hosts.find(({ service }) => service === 'aggregator') ?? {};
      const question = { address: stage.traefik.address, host, agent };
      const uptime = (body: string) =>
        (JSON.parse(body) as { uptimeSeconds: number }).uptimeSeconds;
      const first = await askHost(question);
      const before = uptime(first.body);
      const place = ['--namespace=whatsthecraic', 'deployment/aggregator'];
      await stage.admin(['rollout', 'restart', ...place]);

      let over = false;
      const rollout = stage.admin(['rollout', 'status', ...place, '--timeout=50s']).finally(() => {
        over = true;
      });
      const statuses = new Set<number>();
      const connections = new Set<number>([first.connection]);
      await until(async () => {
        const answer = await askHost(question);
        statuses.add(answer.status);
        connections.add(answer.connection);
        return over && uptime(answer.body) < before;
      }, 60_000);
      await rollout;

      t.deepEqual([...statuses], [200]);
      t.is(connections.size, 1);
    },
  );

  test.serial(
    'verify-health – a rule that leads a host to another service – names the two',
    async (t) => {
      await stage.putIngress((text) =>
        text.replace(
          '"name":"aggregator","port":{"number":4000}',
          '"name":"auth-service","port":{"number":3001}',
        ),
      );
      await becomes(t, stage, {
        service: 'aggregator',
        message: /^ill: ingress api\.\S+ is answered by auth-service$/,
      });
      await stage.putIngress((text) => text.replace('"host":"api.', '"host":"apy.'));
      await becomes(t, stage, {
        service: 'aggregator',
        message: /^ill: ingress api\.\S+ leads nowhere: Traefik answers 404/,
      });
      await stage.putIngress((text) => text.replace('"number":4000', '"number":4444'));
      await becomes(t, stage, {
        service: 'aggregator',
        message: /^ill: ingress \S+ leads nowhere: Traefik answers 404/,
      });
      await stage.putIngress();
      await becomes(t, stage, { service: 'aggregator', message: /^healthy/ });
    },
  );

  test.serial('verify-health – a host without a certificate – says so', async (t) => {
    await stage.traefik.showCertificate(false);
    await becomes(t, stage, {
      service: 'aggregator',
      message:
        /^ill: ingress \S+ shows no certificate of its own but one for \S+\.traefik\.default/,
    });
    await stage.traefik.showCertificate(true);
    await becomes(t, stage, { service: 'aggregator', message: /^healthy/ });
  });

  test.serial(
    'verify-health – Traefik down, then up again – says so, then all is well',
    async (t) => {
      await stopTraefik(stage.instance);
      for (const target of Object.values(stage.targets)) {
        await becomes(t, stage, {
          target,
          service: 'auth-service',
          message:
            /^ill: ingress auth\.\S+ gave no answer: nothing listens at \S+:443, so Traefik is down/,
        });
      }
      await stage.restartTraefik();
      await becomes(t, stage, { service: 'auth-service', message: /^healthy/ });
      await stage.end();
    },
  );
}
