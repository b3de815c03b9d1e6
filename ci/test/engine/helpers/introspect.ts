import { globSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ciFolder, importSdk, sdkFolder } from './sdk.ts';

export interface ModuleArgument {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly defaultValue: unknown;
  readonly defaultPath: string | undefined;
  readonly ignore: readonly string[];
  readonly description: string;
}

export interface ModuleFunction {
  readonly name: string;
  readonly returns: string;
  readonly cache: string;
  readonly description: string;
  readonly arguments: readonly ModuleArgument[];
}

export interface ModuleDescription {
  readonly description: string;
  /** Names of all classes, enums and interfaces that a user gets to see. */
  readonly types: readonly string[];
  readonly objectDescription: string;
  readonly hasConstructor: boolean;
  readonly fields: readonly string[];
  readonly functions: readonly ModuleFunction[];
}

interface TypeDef {
  readonly kind: string;
  readonly name?: string;
  readonly typeDef?: TypeDef;
}

interface ScannedArgument {
  readonly name: string;
  readonly description?: string;
  readonly type?: TypeDef;
  readonly isOptional: boolean;
  readonly defaultValue?: unknown;
  readonly defaultPath?: string;
  readonly ignore?: readonly string[];
}

interface ScannedMethod {
  readonly name: string;
  readonly alias?: string;
  readonly cache: string;
  readonly description?: string;
  readonly returnType?: TypeDef;
  readonly arguments: Readonly<Record<string, ScannedArgument>>;
}

interface ScannedObject {
  readonly description?: string;
  readonly _constructor?: unknown;
  readonly methods: Readonly<Record<string, ScannedMethod>>;
  readonly properties: Readonly<Record<string, unknown>>;
}

interface ScannedModule {
  readonly description?: string;
  readonly objects: Readonly<Record<string, ScannedObject>>;
  readonly enums: Readonly<Record<string, unknown>>;
  readonly interfaces: Readonly<Record<string, unknown>>;
}

interface Introspector {
  scan(files: string[], moduleName: string, importUserCode: boolean): Promise<ScannedModule>;
}

const moduleName = 'whatsthecraic';
const mainClass = 'Whatsthecraic';

/** What the engine will know of the module, as the SDK's own introspector reads it from `ci/src`. */
export async function introspect(): Promise<ModuleDescription> {
  const { scan } = await importSdk<Introspector>('./module/introspector/index.js');
  const folder = await mkdtemp(join(tmpdir(), 'introspect-'));
  try {
    // The introspector passes declaration files by, and npm ships no other form of the client.
    const client = join(folder, 'client.gen.ts');
    await cp(join(sdkFolder, 'api', 'client.gen.d.ts'), client);
    const sources = globSync('src/**/*.ts', { cwd: ciFolder });
    const files = [...sources.map((path) => join(ciFolder, path)), client];
    return describe(await scan(files, moduleName, false));
  } finally {
    await rm(folder, { recursive: true });
  }
}

function describe(scanned: ScannedModule): ModuleDescription {
  const main = scanned.objects[mainClass];
  return {
    description: scanned.description ?? '',
    types: [scanned.objects, scanned.enums, scanned.interfaces].flatMap((it) => Object.keys(it)),
    objectDescription: main?.description ?? '',
    hasConstructor: Boolean(main?._constructor),
    fields: Object.keys(main?.properties ?? {}),
    functions: Object.values(main?.methods ?? {}).map((method) => ({
      name: method.alias ?? method.name,
      returns: typeName(method.returnType),
      cache: method.cache,
      description: method.description ?? '',
      arguments: Object.values(method.arguments).map((argument) => ({
        name: argument.name,
        type: typeName(argument.type),
        optional: argument.isOptional,
        defaultValue: argument.defaultValue,
        defaultPath: argument.defaultPath,
        ignore: argument.ignore ?? [],
        description: argument.description ?? '',
      })),
    })),
  };
}

function typeName(type: TypeDef | undefined): string {
  if (!type) return 'unknown';
  if (type.kind === 'LIST_KIND') return `${typeName(type.typeDef)}[]`;
  return type.name ?? type.kind.replace('_KIND', '').toLowerCase();
}
