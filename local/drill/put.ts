import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { namespace } from '../../ci/src/namespace.ts';
import type { Admin } from '../admin.ts';
import type { Stage } from './stage.ts';

const label = 'whatsthecraic.run.place/drill';
/** Kinds that a drill may put; the namespace's own of the same kinds bear no such label. */
const kinds = 'resourcequotas,limitranges,pods,jobs,services,configmaps,secrets,deployments';

export interface Putter {
  readonly put: Stage['put'];
  /** Removes what was put, also by a run before this one. */
  readonly removeAll: () => Promise<void>;
}

export function createPutter(admin: Admin): Putter {
  let mayHavePut = true;
  return {
    put: async (object) => {
      mayHavePut = true;
      const { metadata, ...rest } = object as KubernetesObject;
      const labels = { ...metadata.labels, [label]: 'put' };
      const labelled = { ...rest, metadata: { ...metadata, namespace, labels } };
      await admin(['create', '-f', '-'], JSON.stringify(labelled));
    },
    removeAll: async () => {
      if (!mayHavePut) return;
      await admin(['delete', kinds, `--selector=${label}`, `--namespace=${namespace}`]);
      mayHavePut = false;
    },
  };
}
