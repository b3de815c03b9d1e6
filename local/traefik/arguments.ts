import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** What k8s/node asks of the chart that k3s brings, as far as it reaches Traefik and its Service. */
export interface NodeSettings {
  readonly additionalArguments: readonly string[];
  readonly persistence: { readonly enabled: boolean; readonly path: string };
  readonly service: { readonly spec: object };
}

/** Where Traefik listens in its pod; a Service of type LoadBalancer leads 80 and 443 there. */
export const ports = { web: 8000, websecure: 8443, admin: 8080 } as const;

const file = fileURLToPath(new URL('../../k8s/node/traefik.yaml', import.meta.url));

export async function readNodeSettings(): Promise<NodeSettings> {
  const { spec } = parse(await readFile(file, 'utf8')) as { spec: { valuesContent: string } };
  return parse(spec.valuesContent) as NodeSettings;
}

/**
 * What the chart says by itself, without metrics, dashboard and the kinds of its own:
 * https://github.com/traefik/traefik-helm-chart/blob/v37.1.2/traefik/templates/_podtemplate.tpl
 */
const chartArguments: readonly string[] = [
  `--entryPoints.web.address=:${ports.web}/tcp`,
  `--entryPoints.websecure.address=:${ports.websecure}/tcp`,
  `--entryPoints.traefik.address=:${ports.admin}/tcp`,
  '--entryPoints.websecure.http.tls=true',
  '--ping=true',
  '--providers.kubernetesingress',
  '--providers.kubernetesingress.allowEmptyServices=true',
  '--providers.kubernetesingress.ingressendpoint.publishedservice=kube-system/traefik',
  '--log.level=INFO',
];

export interface LocalSettings {
  /** In place of the chart's volume. */
  readonly volume: string;
  /** A file of Traefik's with the certificates that are there from the start. */
  readonly certificates: string;
  /** Who issues certificates; Let's Encrypt is never asked from here. */
  readonly authority: string;
}

/** Traefik's arguments as k3s would start it with the settings of k8s/node. */
export function traefikArguments(node: NodeSettings, local: LocalSettings): string[] {
  const own = node.additionalArguments.map((it) =>
    it.replace(`=${node.persistence.path}/`, `=${local.volume}/`),
  );
  return [
    ...chartArguments,
    ...own,
    `--certificatesresolvers.letsencrypt.acme.caserver=${local.authority}`,
    `--providers.file.filename=${local.certificates}`,
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
  ];
}
