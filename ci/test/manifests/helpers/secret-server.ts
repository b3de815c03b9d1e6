import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ExecutionContext } from 'ava';

export interface StoredSecret {
  readonly name: string;
  readonly resourceVersion: string;
  readonly data?: Readonly<Record<string, string>>;
}

/** The few paths of a Kubernetes API that `kubectl get secrets` asks for. */
export async function secretServer(
  t: ExecutionContext,
  namespace: string,
  secrets: readonly StoredSecret[],
): Promise<string> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://api');
    const answer = answers(url);
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { kind: 'Status', apiVersion: 'v1', code: 404 }));
  });
  const answers = ({ pathname }: URL): object | undefined => {
    if (pathname === '/api') return { kind: 'APIVersions', versions: ['v1'] };
    if (pathname === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: [] };
    if (pathname === '/api/v1') return resourceList;
    if (!/^\/api\/v1\/namespaces\/[^/]+\/secrets$/.test(pathname)) return undefined;
    const here = pathname.includes(`/${namespace}/`) ? secrets : [];
    const items = here.map(({ name, resourceVersion, data }) => ({
      metadata: { name, namespace, resourceVersion },
      ...(data ? { data } : {}),
    }));
    return { kind: 'SecretList', apiVersion: 'v1', metadata: { resourceVersion: '99' }, items };
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const resourceList = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'v1',
  resources: [
    {
      name: 'secrets',
      singularName: 'secret',
      kind: 'Secret',
      namespaced: true,
      verbs: ['get', 'list'],
    },
  ],
};
