import { backOff, exited, waiting } from './cluster.ts';
import { roll, testRows } from './judge-rows.ts';

testRows({
  'Secret missing (N4)': {
    of: roll({
      newPods: [waiting('CreateContainerConfigError', 'secret "whatsthecraic-secrets" not found')],
    }),
    is: 'suspect CONFIG_MISSING',
    says: /secret "whatsthecraic-secrets" not found/,
  },
  'key of a Secret missing': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          "couldn't find key JWT_SECRET in Secret whatsthecraic/whatsthecraic-secrets",
        ),
      ],
    }),
    is: 'suspect CONFIG_MISSING',
  },
  'ConfigMap missing': {
    of: roll({
      newPods: [waiting('CreateContainerConfigError', 'configmap "common-config-8x" not found')],
    }),
    is: 'suspect CONFIG_MISSING',
  },
  'Secret not in the cache of the kubelet yet': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          'failed to sync secret cache: timed out waiting for the condition',
        ),
      ],
    }),
    is: 'waiting NODE_TROUBLE',
    says: /failed to sync secret cache/,
  },
  'image runs as root': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerConfigError',
          'container has runAsNonRoot and image will run as root (pod: "dj-service", container: app)',
        ),
      ],
    }),
    is: 'suspect CANNOT_START',
  },
  'runtime under load': {
    of: roll({ newPods: [waiting('CreateContainerError', 'context deadline exceeded')] }),
    is: 'waiting NODE_TROUBLE',
    says: /^context deadline exceeded/,
  },
  'runtime holds the name after a time-out': {
    of: roll({
      newPods: [
        waiting(
          'CreateContainerError',
          'failed to reserve container name "app_dj-service-1_whatsthecraic_0": name "app" is reserved for "4f1c"',
        ),
      ],
    }),
    is: 'waiting NODE_TROUBLE',
  },
  'entry point does not exist': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "/usr/local/bin/nod": stat /usr/local/bin/nod: no such file or directory: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'entry point not on PATH': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'OCI runtime create failed: unable to start container process: exec: "nod": executable file not found in $PATH: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'entry point may not be run': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'OCI runtime create failed: unable to start container process: exec: "/app/server.js": permission denied: unknown',
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'mount of the moment fails': {
    of: roll({
      newPods: [
        waiting(
          'RunContainerError',
          'failed to create containerd task: error mounting "/var/lib/kubelet/pods/1/volumes/tmp" to rootfs: no such file or directory: unknown',
        ),
      ],
    }),
    is: 'suspect CANNOT_START',
  },
  'entry point missing, in back-off': {
    of: roll({
      newPods: [
        backOff(
          {
            code: 128,
            reason: 'StartError',
            message:
              'failed to create containerd task: unable to start container process: exec: "/nope": stat /nope: no such file or directory: unknown',
          },
          1,
        ),
      ],
    }),
    is: 'failed CANNOT_START',
  },
  'image of another architecture': {
    of: roll({
      newPods: [exited({ code: 255, message: 'exec /usr/local/bin/node: exec format error\n' })],
    }),
    is: 'failed IMAGE_WRONG_PLATFORM',
    says: /exec format error/,
  },
});
