import { namespace } from '../ci/src/namespace.ts';
import type { Admin } from './admin.ts';

const mark = 'whatsthecraic.run.place/local-instance';

/** Times that a call waits for its pods: those that hear no SIGTERM take their whole grace to end. */
const dropTries = 4;

/** A namespace that somebody else made: it is never touched. */
export class ForeignNamespace extends Error {
  override readonly name = 'ForeignNamespace';
  readonly code = 'NAMESPACE_NOT_OURS';

  constructor() {
    super(
      `the cluster has a namespace ${namespace} that this instance did not make (it lacks the label ${mark}); ` +
        'name another cluster, or delete that namespace yourself if nobody needs it',
    );
  }
}

/** Makes the namespace, marked with the instance's id; refuses one that is there without the mark. */
export async function claimNamespace(admin: Admin, instanceId: string): Promise<void> {
  if (await hasNamespace(admin, instanceId)) return;
  const labels = { [mark]: instanceId };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
  // `create`, not `apply`: if somebody makes it in this very moment, it is theirs.
  await admin(['create', '-f', '-'], JSON.stringify(object));
}

/** Removes the namespace with all in it; refuses one without the mark. */
export async function dropNamespace(admin: Admin, instanceId: string): Promise<void> {
  if (!(await hasNamespace(admin, instanceId))) return;
  const remove = ['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=50s'];
  for (let tries = dropTries; ; tries -= 1) {
    try {
      await admin(remove);
      return;
    } catch (error) {
      if (tries === 1) throw error;
    }
  }
}

async function hasNamespace(admin: Admin, instanceId: string): Promise<boolean> {
  const key = mark.replaceAll('.', '\\.');
  const args = ['get', 'namespaces', `--field-selector=metadata.name=${namespace}`];
  const printed = await admin([
    ...args,
    '-o',
    `jsonpath={range .items[*]}{.metadata.name} {.metadata.labels.${key}}{end}`,
  ]);
  if (printed.trim() === '') return false;
  if (printed.trim() === `${namespace} ${instanceId}`) return true;
  throw new ForeignNamespace();
}
