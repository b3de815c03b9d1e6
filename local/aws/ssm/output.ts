/**
 * How the first 24,000 of standard output and 8,000 of standard error are counted. The API promises
 * characters; the agent counts bytes and gives the last 20 of them to its marker, so a character may
 * be cut in two. `agent` is what a real node sends, and never more than what the API promises.
 * https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/plugins/pluginutil/pluginutil.go
 */
export type OutputLimit = 'agent' | 'documented';

export const stdoutLimit = 24_000;
export const stderrLimit = 8_000;
const listLimit = 2_500;

const marker = '--output truncated--';
const errorTitle = '\n----------ERROR-------\n';
const outputCut = '\n---Output truncated---';
const errorCut = '\n---Error truncated----';

/** What GetCommandInvocation shows of one stream. */
export function firstOutput(data: Buffer, limit: number, unit: OutputLimit): string {
  if (unit === 'documented') return firstCharacters(data.toString('utf8'), limit);
  if (data.length < limit) return data.toString('utf8');
  return data.subarray(0, limit - marker.length).toString('utf8') + marker;
}

/** What ListCommandInvocations shows: both streams in 2,500 bytes, the agent's `TruncateOutput`. */
export function combinedOutput(stdout: string, stderr: string): string {
  const out = Buffer.from(stdout);
  const err = Buffer.from(stderr);
  const title = err.length > 0 ? errorTitle : '';
  const space = listLimit - title.length;
  if (out.length + err.length < space) return stdout + title + stderr;

  if (out.length > space / 2 && err.length > space / 2) {
    const each = Math.floor((space - outputCut.length - errorCut.length) / 2);
    return head(out, each) + outputCut + title + head(err, each) + errorCut;
  }
  if (out.length <= space / 2) {
    return stdout + title + head(err, space - errorCut.length - out.length) + errorCut;
  }
  return head(out, space - outputCut.length - err.length) + outputCut + title + stderr;
}

const head = (data: Buffer, length: number) => data.subarray(0, length).toString('utf8');

/** Counts code points: a character outside the basic plane is one, not two. */
function firstCharacters(text: string, limit: number): string {
  if (text.length <= limit) return text;
  let end = 0;
  for (let count = 0; count < limit && end < text.length; count++) {
    end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1;
  }
  return text.slice(0, end);
}
