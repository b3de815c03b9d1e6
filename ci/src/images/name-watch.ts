/** Waits until each of some services' images has its name, which is long before it is built. */
export interface NameWatch {
  readonly named: (service: string, tag: string) => void;
  /** That no name comes any more, which was told or not. */
  readonly noMore: () => void;
  /** The tags by their services; undefined if they were not all told. */
  readonly all: Promise<ReadonlyMap<string, string> | undefined>;
}

export function nameWatch(services: readonly string[]): NameWatch {
  const tags = new Map<string, string>();
  const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, string> | undefined>();
  return {
    named(service, tag) {
      tags.set(service, tag);
      if (services.every((it) => tags.has(it))) resolve(tags);
    },
    noMore: () => resolve(undefined),
    all: promise,
  };
}
