import { containerOf } from '../helpers/objects.ts';
import { type Draft, type Rule, rule } from './rule.ts';

/** What a pod must not be able to do. Ids above 10000 belong to no user of a usual node. */
export const podSecurity: readonly Rule[] = [
  rule(
    'Deployment',
    'runs as a user and group above 10000',
    ({ spec }) => {
      const {
        runAsNonRoot,
        runAsUser = 0,
        runAsGroup = 0,
      } = spec.template.spec.securityContext ?? {};
      return runAsNonRoot === true && runAsUser > 10_000 && runAsGroup > 10_000;
    },
    (draft) => {
      draft.spec.template.spec.securityContext.runAsGroup = 0;
    },
  ),
  rule(
    'Deployment',
    'seccomp profile RuntimeDefault',
    ({ spec }) => spec.template.spec.securityContext?.seccompProfile?.type === 'RuntimeDefault',
    (draft) => {
      draft.spec.template.spec.securityContext.seccompProfile.type = 'Unconfined';
    },
  ),
  rule(
    'Deployment',
    'read-only root file system',
    (deployment) => containerOf(deployment).securityContext?.readOnlyRootFilesystem === true,
    (draft) => {
      draft.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false;
    },
  ),
  rule(
    'Deployment',
    'no privilege escalation',
    (deployment) => containerOf(deployment).securityContext?.allowPrivilegeEscalation === false,
    (draft) => {
      delete draft.spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation;
    },
  ),
  rule(
    'Deployment',
    'all capabilities dropped',
    (deployment) =>
      containerOf(deployment).securityContext?.capabilities?.drop?.includes('ALL') === true,
    (draft) => {
      draft.spec.template.spec.containers[0].securityContext.capabilities.drop = ['NET_RAW'];
    },
  ),
  rule(
    'Deployment',
    'no token of its ServiceAccount',
    ({ spec }) => spec.template.spec.automountServiceAccountToken === false,
    (draft) => {
      delete draft.spec.template.spec.automountServiceAccountToken;
    },
  ),
  rule(
    'Deployment',
    'a ServiceAccount of its own, which mounts no token either',
    ({ metadata, spec }, all) =>
      spec.template.spec.serviceAccountName === metadata.name &&
      all.some(
        (other) =>
          other.kind === 'ServiceAccount' &&
          other.metadata.name === metadata.name &&
          other.automountServiceAccountToken === false,
      ),
    (draft) => {
      draft.spec.template.spec.serviceAccountName = 'default';
    },
  ),
  {
    name: 'no account mounts a token, the namespace’s default one neither',
    of: (all) => all.filter(({ kind }) => kind === 'Namespace'),
    holds: (_, all) => {
      const accounts = all.filter(({ kind }) => kind === 'ServiceAccount');
      return (
        accounts.some(({ metadata }) => metadata.name === 'default') &&
        accounts.every((account) => account.automountServiceAccountToken === false)
      );
    },
    breakIt: (_, all) => {
      const isDefault = ({ kind, metadata }: Draft) =>
        kind === 'ServiceAccount' && metadata.name === 'default';
      all.splice(0, all.length, ...all.filter((each) => !isDefault(each)));
    },
  },
  {
    // No service speaks to the API server. The training looks whether a release is under way.
    name: 'no right at the API server, but for the training’s to see the release’s Lease',
    of: (all) =>
      all.filter(({ apiVersion }) => apiVersion.startsWith('rbac.authorization.k8s.io/')),
    holds: (object) => {
      const { kind, metadata, rules, roleRef, subjects } = object as Draft;
      if (metadata.name !== 'ml-training') return false;
      return kind === 'Role'
        ? JSON.stringify(rules) ===
            JSON.stringify([
              {
                apiGroups: ['coordination.k8s.io'],
                resourceNames: ['whatsthecraic-release'],
                resources: ['leases'],
                verbs: ['get'],
              },
            ])
        : kind === 'RoleBinding' &&
            roleRef.kind === 'Role' &&
            roleRef.name === 'ml-training' &&
            subjects.length === 1 &&
            subjects[0].kind === 'ServiceAccount' &&
            subjects[0].name === 'ml-training' &&
            subjects[0].namespace === metadata.namespace;
    },
    breakIt: (draft) => {
      draft.metadata.name = 'ml-service';
    },
  },
  rule(
    'Deployment',
    'a writable /tmp of bounded size',
    (deployment) => {
      const mount = containerOf(deployment).volumeMounts?.find((each) => each.mountPath === '/tmp');
      const { volumes = [] } = deployment.spec.template.spec;
      return volumes.some(({ name, emptyDir }) => name === mount?.name && hasLimit(emptyDir));
    },
    (draft) => {
      draft.spec.template.spec.containers[0].volumeMounts = [];
    },
  ),
  rule(
    'Deployment',
    'every emptyDir has a size limit',
    ({ spec }) =>
      (spec.template.spec.volumes ?? []).every(({ emptyDir }) => !emptyDir || hasLimit(emptyDir)),
    (draft) => {
      draft.spec.template.spec.volumes.push({ name: 'more', emptyDir: {} });
    },
  ),
];

function hasLimit(emptyDir: unknown): boolean {
  return /^\d+Mi$/.test(String((emptyDir as { sizeLimit?: string } | undefined)?.sizeLimit));
}
