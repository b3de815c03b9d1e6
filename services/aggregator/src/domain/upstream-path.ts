/**
 * The path of an upstream's route with these parameters. Each was decoded once by the router and is
 * encoded again, so that `..%2Fmetrics` stays one segment and reaches no other route.
 */
export function upstreamPath(pattern: string, params: Readonly<Record<string, unknown>>): string {
  return pattern.replace(/:(\w+)/g, (_, name: string) => encodeSegment(String(params[name] ?? '')));
}

/** `encodeURIComponent` leaves dots alone, and `.` and `..` as a whole segment walk up the path. */
function encodeSegment(value: string): string {
  return /^\.{1,2}$/.test(value) ? value.replaceAll('.', '%2E') : encodeURIComponent(value);
}
