const FOLD_AT = 75;

/** A text value: what would end or divide it stands for itself (RFC 5545, 3.3.11). */
export const escapeText = (text: string) =>
  text.replace(/[\\;,]/g, '\\$&').replace(/\r\n|[\r\n]/g, '\\n');

/** A moment in UTC. */
export const utcTime = (moment: Date) => moment.toISOString().replace(/[-:]|\.\d{3}/g, '');

/** A line of at most 75 octets, or several that are read as one; no character is torn (RFC 5545, 3.1). */
export function foldLine(line: string): string {
  let folded = '';
  let octets = 0;
  for (const character of line) {
    const size = Buffer.byteLength(character);
    if (octets + size > FOLD_AT) {
      folded += '\r\n ';
      octets = 1;
    }
    folded += character;
    octets += size;
  }
  return folded;
}
