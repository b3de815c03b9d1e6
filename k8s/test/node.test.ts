import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { parse } from 'yaml';
import { type KubernetesObject, objectName } from '../../ci/src/manifests/objects.ts';
import { parseManifests } from '../../ci/src/manifests/text.ts';
import { runProcess } from '../../ci/src/process.ts';
import { findKubectl } from '../../test/helpers/kubectl.ts';
import { ofKind } from './helpers/objects.ts';
import { overlay, overlays } from './helpers/overlays.ts';
import { manifestFolder } from './helpers/rendered.ts';

const nodeFolder = join(manifestFolder, 'node');
const read = (file: string): string => readFileSync(join(nodeFolder, file), 'utf8');

const rendering = await runProcess([findKubectl(), 'kustomize', nodeFolder], {
  env: { PATH: process.env.PATH },
  timeoutMs: 30_000,
});
const objects = parseManifests(rendering.stdout);
const [config] = objects as [KubernetesObject & { spec: { valuesContent: string } }];
const values = parse(config.spec.valuesContent) as {
  readonly additionalArguments: readonly string[];
  readonly persistence: { readonly enabled: boolean; readonly path: string };
  readonly ports?: unknown;
};
const args = new Map(
  values.additionalArguments.map((text) => {
    const [, name = '', value = ''] = /^--([a-z.]+)=(.+)$/.exec(text) ?? [];
    return [name, value] as const;
  }),
);

test('node – its kustomization – renders to objects with kind, namespace and name', (t) => {
  t.is(rendering.exitCode, 0, rendering.stderr);
  t.deepEqual(
    objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`),
    ['HelmChartConfig kube-system/traefik'],
  );
});

test('node – its objects – are in no overlay, and nothing of their kind or namespace', (t) => {
  for (const [name, others] of overlays) {
    const strays = others.filter(
      ({ apiVersion, metadata }) =>
        apiVersion === config.apiVersion || metadata.namespace === config.metadata.namespace,
    );
    t.deepEqual(strays.map(objectName), [], name);
  }
});

test('Traefik – plain HTTP – is redirected for good to the public HTTPS port', (t) => {
  const redirect = 'entrypoints.web.http.redirections.entrypoint';
  t.is(args.get(`${redirect}.to`), ':443');
  t.is(args.get(`${redirect}.scheme`), 'https');
  t.is(args.get(`${redirect}.permanent`), 'true');
});

for (const name of ['production', 'staging']) {
  test(`${name} – the certificate resolver that its ingress names – is Traefik’s`, (t) => {
    const ingresses = ofKind(overlay(name), 'Ingress');
    t.true(ingresses.length > 0);
    for (const { metadata } of ingresses) {
      const resolver =
        metadata.annotations?.['traefik.ingress.kubernetes.io/router.tls.certresolver'];
      t.is(args.get(`certificatesresolvers.${resolver}.acme.tlschallenge`), 'true');
    }
  });
}

test('local – its objects – ask for no TLS and no host', (t) => {
  t.deepEqual(ofKind(overlay('local'), 'Ingress'), []);
});

test('Traefik – its certificates – lie on a volume that outlives the pod', (t) => {
  const storage = args.get('certificatesresolvers.letsencrypt.acme.storage') ?? '';
  t.true(values.persistence.enabled);
  t.true(storage.startsWith(`${values.persistence.path}/`));
});

test('Traefik – its ports – are the ones that the network policies name', (t) => {
  t.is(values.ports, undefined);
  t.deepEqual(
    [...args.keys()].filter((name) => /^entrypoints\.\w+\.address$/.test(name)),
    [],
  );
});

test('k3s – its settings – keep Secrets encrypted and switch off nothing that we stand on', (t) => {
  const settings = parse(read('files/etc/rancher/k3s/config.yaml')) as Record<string, unknown>;
  t.is(settings['secrets-encryption'], true);
  t.is(settings['write-kubeconfig-mode'], '0600');
  t.deepEqual(
    Object.keys(settings).filter((name) =>
      /^(disable|flannel|cluster-cidr|service-cidr)/.test(name),
    ),
    [],
  );
});

test('credential provider – its configuration – is of the versions of Kubernetes 1.34 and for ECR alone', (t) => {
  const config = parse(read('files/var/lib/rancher/credentialprovider/config.yaml'));
  t.is(config.apiVersion, 'kubelet.config.k8s.io/v1');
  t.is(config.kind, 'CredentialProviderConfig');
  const [provider, ...others] = config.providers;
  t.deepEqual(others, []);
  t.is(provider.apiVersion, 'credentialprovider.kubelet.k8s.io/v1');
  t.is(provider.name, 'ecr-credential-provider');
  t.regex(provider.defaultCacheDuration, /^([1-9]|1[0-2])h$/, 'a token lives for twelve hours');
  const matches = (image: string) =>
    provider.matchImages.some((pattern: string) => isMatch(pattern, image));
  t.true(matches('385017713886.dkr.ecr.eu-west-1.amazonaws.com/whatsthecraic/auth-service'));
  t.false(matches('docker.io/library/node'));
  t.false(matches('385017713886.dkr.ecr.eu-west-1.amazonaws.com.example/x'));
});

test('IAM policy – the role of the instance – may pull our images and nothing else', (t) => {
  const { Statement } = JSON.parse(read('iam-policy.json'));
  const rights = Statement.flatMap((it: { Action: string | string[]; Resource: string }) =>
    [it.Action].flat().map((action) => `${action} ${it.Resource}`),
  );
  const repositories = 'arn:aws:ecr:eu-west-1:385017713886:repository/whatsthecraic/*';
  t.deepEqual(rights.toSorted(), [
    `ecr:BatchCheckLayerAvailability ${repositories}`,
    `ecr:BatchGetImage ${repositories}`,
    'ecr:GetAuthorizationToken *',
    `ecr:GetDownloadUrlForLayer ${repositories}`,
  ]);
});

test('README – each file for the node – is named where it belongs', (t) => {
  const files = globSync('files/**/*.*', { cwd: nodeFolder });
  t.is(files.length, 5);
  for (const file of files)
    t.true(read('README.md').includes(`\`${file.slice('files'.length)}\``), file);
  t.true(read('README.md').includes('(set-up-ecr-pulls.sh)'));
});

test('ecr-refresh – its timer and its service – renew the Secret long before twelve hours', (t) => {
  const unit = (name: string) => read(`files/etc/systemd/system/ecr-refresh.${name}`);
  const [, hours] = /^OnUnitActiveSec=(\d+)h$/m.exec(unit('timer')) ?? [];
  t.true(Number(hours) * 2 < 12, 'one run may fail');
  t.regex(unit('service'), /^Type=oneshot$/m);
  t.regex(unit('service'), /^ExecStart=\/usr\/local\/bin\/ecr-refresh\.sh whatsthecraic$/m);
  t.regex(unit('service'), /^TimeoutStartSec=\d+$/m);
});

test('the node’s programs – the version of the credential provider – is one everywhere', (t) => {
  const [, version] = /^version=(\S+)$/m.exec(read('set-up-ecr-pulls.sh')) ?? [];
  t.true(read('README.md').includes(`ecr-credential-provider@${version}`));
  const goMod = read('../../local/credential-provider/program/go.mod');
  t.true(goMod.includes(`k8s.io/cloud-provider-aws ${version} `));
});

/** As the kubelet matches: each part of the host by itself, and no more parts than the pattern has. */
function isMatch(pattern: string, image: string): boolean {
  const [host = ''] = image.split('/');
  const parts = host.split('.');
  const wanted = pattern.split('.');
  return (
    parts.length === wanted.length &&
    wanted.every((part, index) => part === '*' || part === parts[index])
  );
}
