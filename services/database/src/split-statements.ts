/**
 * One token of SQL as far as splitting cares: a quoted text, a comment, a semicolon, anything else.
 * `--` begins a comment only before a blank: https://dev.mysql.com/doc/refman/8.4/en/comments.html
 */
const TOKEN =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`[^`]*`|--(?=\s|$)[^\n]*|#[^\n]*|\/\*.*?\*\/|;|./gs;

/** The statements of an SQL text, without their comments but with versioned ones, which are code. */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let current = '';
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') {
      statements.push(current.trim());
      current = '';
    } else if (isUnclosed(token)) {
      throw new SyntaxError(`a quote is never closed after: ${current.trim().slice(-60)}`);
    } else {
      current += isComment(token) ? ' ' : token;
    }
  }
  if (current.trim() !== '') {
    throw new SyntaxError(`the last statement has no semicolon: ${current.trim().slice(0, 60)}`);
  }
  return statements.filter((statement) => statement !== '');
}

const isUnclosed = (token: string) => token === "'" || token === '"' || token === '`';

const isComment = (token: string) => /^(?:--|#|\/\*(?!M?!))/.test(token);
