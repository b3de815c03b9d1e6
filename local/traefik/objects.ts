import { NODE_NAME } from '../kubernetes/cluster.ts';
import { ports } from './arguments.ts';

/** What the chart and ServiceLB of k3s put into the cluster for a Traefik that listens at `address`. */
export const traefikObjects = (address: string, serviceSpec: object): readonly object[] => [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: {
      name: 'traefik',
      annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' },
    },
    spec: { controller: 'traefik.io/ingress-controller' },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'traefik', namespace: 'kube-system' },
    spec: {
      type: 'LoadBalancer',
      ...serviceSpec,
      ports: [
        { name: 'web', port: 80, targetPort: ports.web },
        { name: 'websecure', port: 443, targetPort: ports.websecure },
      ],
    },
  },
  {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: 'traefik-process',
      namespace: 'kube-system',
      labels: { 'kubernetes.io/service-name': 'traefik' },
    },
    addressType: 'IPv4',
    endpoints: [{ addresses: [address], nodeName: NODE_NAME, conditions: { ready: true } }],
    ports: [
      { name: 'web', port: ports.web, protocol: 'TCP' },
      { name: 'websecure', port: ports.websecure, protocol: 'TCP' },
    ],
  },
];

/** As ServiceLB says where the Service is reached: at the node itself. */
export const balanced = (address: string): object => ({
  status: { loadBalancer: { ingress: [{ ip: address, ipMode: 'VIP' }] } },
});
