import test from 'ava';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { objectKey } from '../../src/manifests/objects.ts';
import { ingressClasses, missingOnNode } from '../../src/plan/node-objects.ts';

const chart = (valuesContent: string): KubernetesObject => ({
  apiVersion: 'helm.cattle.io/v1',
  kind: 'HelmChartConfig',
  metadata: { name: 'traefik', namespace: 'kube-system' },
  spec: { valuesContent },
});
const ingress: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'all' },
  spec: { ingressClassName: 'traefik' },
};
const deployment = (image: string): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'a' },
  spec: { template: { spec: { containers: [{ name: 'a', image }] } } },
});
const account = (more: object): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'ServiceAccount',
  metadata: { name: 'a' },
  ...more,
});
const live = (...objects: KubernetesObject[]) => new Map(objects.map((it) => [objectKey(it), it]));
const k3s = { name: 'ip-10-0-0-1', kubelet: 'v1.34.2+k3s1', ecrProvider: '' };
const ecr = '385017713886.dkr.ecr.eu-west-1.amazonaws.com/whatsthecraic/a@sha256:1';
const messages = (...given: Parameters<typeof missingOnNode>) =>
  missingOnNode(...given).map(({ message }) => message);

test('missingOnNode – settings of Traefik absent, other, the same – told, told, silent', (t) => {
  const wanted = [chart('a: 1')];
  t.deepEqual(messages(wanted, [], { live: live() }), [
    'HelmChartConfig traefik in kube-system is absent: apply k8s/node by hand once.',
  ]);
  t.deepEqual(messages(wanted, [], { live: live(chart('a: 2')) }), [
    'HelmChartConfig traefik in kube-system is not as k8s/node has it: apply k8s/node again.',
  ]);
  t.deepEqual(messages(wanted, [], { live: live(chart('a: 1')) }), []);
});

test('missingOnNode – the class of the Ingress – told where it is absent', (t) => {
  t.regex(
    messages([], [ingress], { live: live() })[0] ?? '',
    /^IngressClass traefik, which the Ingress names, is absent: Traefik was not installed/,
  );
  t.deepEqual(messages([], [ingress], { live: live(...ingressClasses([ingress])) }), []);
});

const ecrRows: readonly [string, KubernetesObject[], (typeof k3s)[], boolean][] = [
  ['k3s without the mark', [deployment(ecr)], [k3s], true],
  ['k3s with the mark', [deployment(ecr)], [{ ...k3s, ecrProvider: 'v1.34.3' }], false],
  ['another registry', [deployment('ghcr.io/x/a@sha256:1')], [k3s], false],
  ['EKS', [deployment(ecr)], [{ ...k3s, kubelet: 'v1.34.2-eks-1' }], false],
  [
    'a pull secret',
    [deployment(ecr), account({ imagePullSecrets: [{ name: 'ecr-pull-secret' }] })],
    [k3s],
    false,
  ],
  ['an account without one', [deployment(ecr), account({})], [k3s], true],
];
for (const [what, objects, nodes, told] of ecrRows) {
  test(`missingOnNode – images from ECR, ${what} – ${told ? 'told' : 'silent'}`, (t) => {
    const said = messages([], objects, { live: live(), nodes });
    t.is(said.length, told ? 1 : 0);
    if (told) t.regex(said[0] ?? '', /^Node ip-10-0-0-1 bears no mark .*set-up-ecr-pulls\.sh/);
  });
}
