import { buildProgram } from '../local/kubernetes/build.ts';
import { neededPackages } from '../local/needs.ts';
import { installPackages } from '../local/packages.ts';
import { createSay } from '../local/say.ts';
import { instance } from '../local/state.ts';

/**
 * Installs and compiles what the tests run against, so that no test has to wait for it: a real
 * MariaDB, a real registry, a real Kubernetes and its kubectl.
 */
const say = createSay();
const nodeTools = { busybox: '/bin/busybox', dash: '/bin/dash', wget: '/usr/bin/wget' };
await installPackages({ ...neededPackages, ...nodeTools }, say);
await buildProgram(instance('test').cacheFolder, say);
