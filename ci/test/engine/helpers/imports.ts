import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { ciFolder } from './sdk.ts';

/** One import or re-export of a source file. */
export interface ImportedModule {
  /** Path of the importing file below `ci/src`. */
  readonly from: string;
  readonly module: string;
  /** What is there at run time; empty if only types are imported. */
  readonly values: readonly string[];
}

/** Every file below `ci/src`. */
export const sourceFiles = (): string[] =>
  globSync('**/*.*', { cwd: join(ciFolder, 'src') }).toSorted();

/** Every import that `ci/src` has. */
export async function importsOfSources(): Promise<ImportedModule[]> {
  const all = sourceFiles().map(async (path) =>
    importsIn(path, await readFile(join(ciFolder, 'src', path), 'utf8')),
  );
  return (await Promise.all(all)).flat();
}

export function importsIn(path: string, text: string): ImportedModule[] {
  const found: ImportedModule[] = [];
  const add = (specifier: ts.Expression | undefined, values: readonly string[]) => {
    const module = specifier && ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)';
    found.push({ from: path, module, values });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, importedValues(node.importClause));
    if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, node.isTypeOnly ? [] : exportedValues(node.exportClause));
    }
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node.arguments[0], ['*']);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true));
  return found;
}

function importedValues(clause: ts.ImportClause | undefined): string[] {
  if (!clause) return ['*'];
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return [];
  const named = clause.namedBindings;
  return [
    ...(clause.name ? ['default'] : []),
    ...(named && ts.isNamespaceImport(named) ? ['*'] : []),
    ...(named && ts.isNamedImports(named) ? valuesOf(named.elements) : []),
  ];
}

const exportedValues = (clause: ts.NamedExportBindings | undefined): string[] =>
  clause && ts.isNamedExports(clause) ? valuesOf(clause.elements) : ['*'];

const valuesOf = (elements: readonly (ts.ImportSpecifier | ts.ExportSpecifier)[]): string[] =>
  elements.filter((it) => !it.isTypeOnly).map((it) => (it.propertyName ?? it.name).text);
