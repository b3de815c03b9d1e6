/** How long ago, or how long, in two units at most. */
export function duration(seconds: number): string {
  const all = Math.max(0, Math.round(seconds));
  const units: readonly [name: string, seconds: number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ];
  const first = units.findIndex(([, size]) => all >= size);
  if (first < 0) return '0 s';
  const parts: string[] = [];
  let left = all;
  for (const [name, size] of units.slice(first, first + 2)) {
    const count = Math.floor(left / size);
    left -= count * size;
    if (count > 0) parts.push(`${count} ${name}`);
  }
  return parts.join(' ');
}
