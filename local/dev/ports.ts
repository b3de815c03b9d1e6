import { services } from '../../ci/src/services.ts';
import { tryListen } from '../try-listen.ts';

const loopback = '127.0.0.1';

/** A port for each service: the site's as wished, the others' own one where it is free, else any. */
export async function choosePorts(site: number): Promise<ReadonlyMap<string, number>> {
  const ports = new Map<string, number>();
  for (const { name, port } of services) {
    const wished = name === 'aggregator' ? site : port;
    const taken = name !== 'aggregator' && [...ports.values()].includes(wished);
    const free = taken ? undefined : await tryListen(loopback, wished);
    ports.set(name, free ?? (await tryListen(loopback, 0)) ?? wished);
  }
  return ports;
}
