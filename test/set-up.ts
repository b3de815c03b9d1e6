import { buildCredentialProvider } from '../local/credential-provider/build.ts';
import { buildProgram } from '../local/kubernetes/build.ts';
import { neededPackages } from '../local/needs.ts';
import { installPackages } from '../local/packages.ts';
import { createSay } from '../local/say.ts';
import { instance } from '../local/state.ts';
import { buildTraefik } from '../local/traefik/build.ts';
import { chromium } from './helpers/browser.ts';
import { buildActionlint } from './workflows/actionlint.ts';

/**
 * Installs and compiles what the tests run against, so that no test has to wait for it: a real
 * MariaDB, a real registry, a real Kubernetes and its kubectl, Traefik, ECR's credential provider,
 * AWS' own command line, a browser, the linters of workflows.
 */
const say = createSay();
const nodeTools = { busybox: '/bin/busybox', dash: '/bin/dash', wget: '/usr/bin/wget' };
// The node's ecr-refresh.sh asks with it.
const awsTools = { awscli: '/usr/bin/aws' };
const browser = { chromium };
const linters = { shellcheck: '/usr/bin/shellcheck' };
const { cacheFolder } = instance('test');
await installPackages(
  { ...neededPackages, ...nodeTools, ...awsTools, ...browser, ...linters },
  say,
);
await buildActionlint(cacheFolder, say);
await buildProgram(cacheFolder, say);
await buildCredentialProvider(cacheFolder, say);
await buildTraefik(cacheFolder, say);
