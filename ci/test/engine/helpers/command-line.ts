import type { ModuleArgument, ModuleDescription } from './introspect.ts';

/**
 * A name as `dagger call` shows it. A digit becomes a word of its own there, which nobody would type.
 * https://github.com/iancoleman/strcase
 */
export const kebab = (name: string): string =>
  name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Za-z])(\d)/g, '$1-$2')
    .replace(/(\d)([A-Za-z])/g, '$1-$2')
    .toLowerCase();

/** What holds when an argument is left out; undefined if it cannot be. */
export function withoutIt(argument: ModuleArgument): string | undefined {
  if (argument.defaultPath) return argument.defaultPath;
  if (argument.defaultValue !== undefined) return [argument.defaultValue].flat().join(',');
  return argument.optional ? '' : undefined;
}

/** The whole command line, one line for each function and each argument. */
export function commandLine({ functions }: ModuleDescription): string {
  return functions
    .map(({ name, returns, arguments: all }) =>
      [`${kebab(name)} → ${returns}`, ...all.map(line)].join('\n'),
    )
    .join('\n\n');
}

function line(argument: ModuleArgument): string {
  const value = withoutIt(argument);
  const start = `  --${kebab(argument.name)} ${argument.type}`;
  if (value === undefined) return `${start} (required)`;
  const ignored = argument.ignore.length > 0 ? ` without ${argument.ignore.join(' ')}` : '';
  return value === '' ? start : `${start} = ${value}${ignored}`;
}
