import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { neededPackages } from '../needs.ts';
import { claimNetwork, forgetNetwork, knownNetwork, type Network } from '../network.ts';
import { installPackages } from '../packages.ts';
import { runningServer } from '../processes.ts';
import type { Instance } from '../state.ts';
import { startAddOns, waitUntilDnsReady } from './add-ons.ts';
import { callApi } from './api.ts';
import { buildProgram } from './build.ts';
import { makeCgroups } from './cgroups.ts';
import { type Cluster, kubeconfigFile, kubernetesFolder, type Node } from './cluster.ts';
import { startContainerd } from './containerd.ts';
import { startApiServer, startControllers } from './control-plane.ts';
import { makeCredentials, writeKubeconfigs } from './credentials.ts';
import { type CredentialProvider, startKubelet, waitUntilNodeReady } from './kubelet.ts';
import { startNode } from './node.ts';
import { SERVERS, switchOff } from './teardown.ts';

export type { Cluster } from './cluster.ts';

export interface KubernetesOptions {
  readonly say?: (text: string) => void;
  /** Called once servers can listen on the host's address, before the kubelet starts. */
  readonly credentialProvider?: (hostAddress: string) => Promise<CredentialProvider>;
}

/**
 * Starts the instance's one-node Kubernetes, or finds it running. A node of which a part is missing
 * is switched off and on again: its objects and volumes are there afterwards, as after a power cut.
 */
export async function startKubernetes(
  instance: Instance,
  { say = () => {}, credentialProvider }: KubernetesOptions = {},
): Promise<Cluster> {
  await installPackages(neededPackages, say);
  const binFolder = await buildProgram(instance.cacheFolder, say);
  const running = await findRunning(instance, binFolder);
  if (running) return running;

  await switchOff(instance);
  const started = new Date();
  const before = await knownNetwork(instance);
  const network = await claimNetwork(instance);
  const node: Node = { instance, network, folder: kubernetesFolder(instance), binFolder };
  // Certificates and Services hold addresses: a cluster cannot move to another network.
  if (before && before.block !== network.block) await removeData(node.folder);
  await makeCgroups(instance);
  await startNode(node);
  await makeCredentials(node.folder);
  await Promise.all([startApiServer(node), startContainerd(node)]);
  await writeKubeconfigs(node.folder, `whatsthecraic-${instance.name}`, network);
  say('Kubernetes answers');
  await startControllers(node);
  await startKubelet(node, await credentialProvider?.(network.hostAddress));
  await startAddOns(node);
  await Promise.all([waitUntilNodeReady(node, started), waitUntilDnsReady(node)]);
  say('the node is ready');
  return clusterOf(node, await holderPid(instance));
}

/** Ends the instance's Kubernetes and removes everything that it had; safe to repeat. */
export async function stopKubernetes(
  instance: Instance,
  { say = () => {} }: KubernetesOptions = {},
): Promise<void> {
  await switchOff(instance);
  await removeData(kubernetesFolder(instance));
  await forgetNetwork(instance);
  say('Kubernetes is gone');
}

async function findRunning(instance: Instance, binFolder: string): Promise<Cluster | undefined> {
  const network: Network | undefined = await knownNetwork(instance);
  if (!network) return undefined;
  for (const name of SERVERS) if (!(await runningServer(instance, name))) return undefined;
  const node: Node = { instance, network, folder: kubernetesFolder(instance), binFolder };
  const answer = await callApi(node, '/readyz').catch(() => undefined);
  return answer?.status === 200 ? clusterOf(node, await holderPid(instance)) : undefined;
}

async function holderPid(instance: Instance): Promise<number> {
  return (await runningServer(instance, 'node'))?.pid ?? 0;
}

function clusterOf(node: Node, pid: number): Cluster {
  const { hostAddress, nodeAddress, serviceCidr, podCidr } = node.network;
  return {
    kubeconfig: kubeconfigFile(node.folder, 'admin'),
    kubectl: join(node.binFolder, 'kubectl'),
    binFolder: node.binFolder,
    hostAddress,
    nodeAddress,
    serviceCidr,
    podCidr,
    enter: ['nsenter', `--net=/proc/${pid}/ns/net`, '--'],
  };
}

const removeData = (folder: string) =>
  rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
