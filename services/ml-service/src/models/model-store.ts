/** The place itself fails, and nothing is said about what lies there. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  readonly code = 'STORE_UNAVAILABLE';
}

/** Where models lie, by name. A file is there as a whole or not at all. */
export interface ModelStore {
  /** For people: the folder, or the bucket. */
  readonly place: string;
  put(name: string, file: Uint8Array): Promise<void>;
  /** `undefined` if there is none of that name. */
  get(name: string): Promise<Uint8Array | undefined>;
  remove(name: string): Promise<void>;
}

/** Names come from the database too; none may lead out of the folder or the bucket. */
export function fileName(name: string): string {
  if (!/^[\w-]{1,64}(\.twin)?$/.test(name)) throw new RangeError(`no name of a model: ${name}`);
  return `${name}.model`;
}
