import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { logFile, runningServer } from '../processes.ts';
import { callApi, waitFor } from './api.ts';
import { ClusterNotStarted, certificateFile, kubeconfigFile, type Node } from './cluster.ts';
import {
  kubeletClientCertificateFile,
  kubeletClientKeyFile,
  serviceAccountKeyFile,
  tokenFile,
} from './credentials.ts';
import { startOnNode } from './node.ts';

const ETCD_URL = 'http://127.0.0.1:2379';
const ISSUER = 'https://kubernetes.default.svc.cluster.local';
const START_LIMIT_MS = 60_000;

/** Starts etcd and the API server, and waits until it answers. */
export async function startApiServer(node: Node): Promise<void> {
  await mkdir(join(node.folder, 'certificates'), { recursive: true, mode: 0o700 });
  await startOnNode(node, 'etcd', join(node.binFolder, 'etcd'), [
    `--data-dir=${join(node.folder, 'etcd')}`,
    `--listen-client-urls=${ETCD_URL}`,
    `--advertise-client-urls=${ETCD_URL}`,
    '--listen-peer-urls=http://127.0.0.1:2380',
    '--log-level=warn',
    // It may lose the last writes to a power cut, not to a killed process.
    '--unsafe-no-fsync',
  ]);
  await startOnNode(node, 'kube-apiserver', join(node.binFolder, 'kube-apiserver'), [
    `--etcd-servers=${ETCD_URL}`,
    `--bind-address=${node.network.nodeAddress}`,
    `--advertise-address=${node.network.nodeAddress}`,
    '--secure-port=6443',
    `--cert-dir=${join(node.folder, 'certificates')}`,
    `--service-cluster-ip-range=${node.network.serviceCidr}`,
    `--token-auth-file=${tokenFile(node.folder)}`,
    '--anonymous-auth=false',
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--service-account-issuer=${ISSUER}`,
    `--service-account-key-file=${serviceAccountKeyFile(node.folder)}`,
    `--service-account-signing-key-file=${serviceAccountKeyFile(node.folder)}`,
    `--kubelet-client-certificate=${kubeletClientCertificateFile(node.folder)}`,
    `--kubelet-client-key=${kubeletClientKeyFile(node.folder)}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--allow-privileged=true',
    '--profiling=false',
  ]);
  await waitFor('the API server is ready', START_LIMIT_MS, async () => {
    if (!(await runningServer(node.instance, 'kube-apiserver'))) {
      throw new ClusterNotStarted(
        `the API server ended; see ${logFile(node.instance, 'kube-apiserver')}`,
      );
    }
    return (await callApi(node, '/readyz')).status === 200;
  });
}

/** Starts what makes pods of Deployments and places them. */
export async function startControllers(node: Node): Promise<void> {
  await startOnNode(
    node,
    'kube-controller-manager',
    join(node.binFolder, 'kube-controller-manager'),
    [
      `--kubeconfig=${kubeconfigFile(node.folder, 'controller-manager')}`,
      `--cert-dir=${join(node.folder, 'certificates', 'controller-manager')}`,
      `--service-account-private-key-file=${serviceAccountKeyFile(node.folder)}`,
      `--root-ca-file=${certificateFile(node.folder)}`,
      '--use-service-account-credentials=true',
      '--bind-address=127.0.0.1',
      '--leader-elect=false',
      '--profiling=false',
    ],
  );
  await startOnNode(node, 'kube-scheduler', join(node.binFolder, 'kube-scheduler'), [
    `--kubeconfig=${kubeconfigFile(node.folder, 'scheduler')}`,
    `--cert-dir=${join(node.folder, 'certificates', 'scheduler')}`,
    '--bind-address=127.0.0.1',
    '--leader-elect=false',
    '--profiling=false',
  ]);
}
