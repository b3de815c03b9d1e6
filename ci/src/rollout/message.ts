/** What a runtime's or a registry's words say by their structure, before anybody reads the prose. */
export interface Message {
  /** gRPC's code, such as NotFound, if it says more than Unknown. */
  readonly grpc?: string;
  /** The HTTP status of whoever refused. */
  readonly status?: number;
  /** The words without names: what an image or a host is called is not said of it. */
  readonly prose: string;
}

const statusForms = [
  /\bstatus(?: code)?:? "?([1-5]\d\d)\b/i,
  /\bstatus ?code:? ([1-5]\d\d)\b/i,
  /\b([1-5]\d\d):? (?:[A-Z][a-z]+ )*(?:Unauthorized|Forbidden|Found|Requests|Request|Error|Gateway|Unavailable|Timeout|Required|Gone|Allowed|Teapot)\b/,
];

export function readMessage(text: string): Message {
  const prose = withoutNames(text);
  const grpc = /\bcode = (\w+)/.exec(prose)?.[1];
  const found = statusForms.map((form) => form.exec(prose)?.[1]).find((it) => it !== undefined);
  return {
    prose,
    ...(grpc && grpc !== 'Unknown' ? { grpc } : {}),
    ...(found ? { status: Number(found) } : {}),
  };
}

/** A registry may be called `denied.example.com/not-found`, and a digest holds a 403 now and then. */
const withoutNames = (message: string): string =>
  message
    .replaceAll('\\', '')
    .replaceAll(/https?:\/\/[^\s"]+/g, '')
    .replaceAll(/\[(?:manifests|blobs) [^\]]*\]/g, '')
    .replaceAll(/"[^"\s]*[/@:][^"\s]*"/g, '')
    .replaceAll(/[^\s":]*sha256:[0-9a-f]+/g, '')
    // An unquoted reference; the colon that ends it stays, and so does I/O.
    .replaceAll(/(?<=^|[\s(])(?!i\/o\b)[\w.-]+(?::\d+)?\/[^\s"]*?(?=:?(?:[\s,)"]|$))/g, '');
