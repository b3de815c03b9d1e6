import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { PipelineError } from '../errors.ts';
import { curlByWget } from './curl-by-wget.ts';
import { commandLine, pack, printCommand, quote } from './shell.ts';

/** A command for the node; its standard output, standard error and exit code come back whole. */
export interface RemoteCall {
  readonly argv: readonly string[];
  readonly input?: string;
  readonly timeoutSeconds: number;
  /** Ends before the others begin. */
  readonly leads?: boolean;
}

export interface RemoteOutput {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where a long answer waits on the node for its other parts to be fetched. */
export const spoolFolder = '/var/tmp/whatsthecraic';

/**
 * Characters of one part. SSM hands back the first 24,000 characters of a command's output.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetCommandInvocation.html
 */
const partLength = 23_500;

/** What every text begins with: a folder of its own, and `run`. */
export const prelude = `set -u
umask 077
PATH=$PATH:/usr/local/bin
# k3s keeps its kubeconfig here; an agent's environment names none.
if [ -z "\${KUBECONFIG:-}" ] && [ -r /etc/rancher/k3s/k3s.yaml ]; then
  export KUBECONFIG=/etc/rancher/k3s/k3s.yaml
fi
# kubectl lives for a moment: collecting its garbage would be a quarter of its work.
export GOGC=off GOMEMLIMIT=256MiB
mkdir -p ${spoolFolder}
find ${spoolFolder} -mindepth 1 -maxdepth 1 -mmin +60 -exec rm -rf {} +
work=$(mktemp -d ${spoolFolder}/call-XXXXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
stand_in() { # NAME PACKED: a program in place of one that the node lacks
  command -v "$1" >/dev/null && return
  printf %s "$2" | base64 -d | gunzip >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}
stand_in kubectl ${pack('#!/bin/sh\nexec k3s kubectl "$@"\n')}
stand_in curl ${pack(curlByWget)}
PATH=$work/bin:$PATH
run() { # run N SECONDS COMMAND…: output, error and exit code into files named N
  number=$1 seconds=$2
  shift 2
  timeout -s KILL "$seconds" "$@" >"$work/$number.out" 2>"$work/$number.err"
  echo $? >"$work/$number.code"
}
`;

/**
 * POSIX sh that runs the calls side by side and prints a header line, `wtc <id> <length> <sha256>`,
 * and after it the first part of the packed answer. A longer answer stays on the node for an hour;
 * `partScript` reads on.
 */
export function remoteScript(id: string, calls: readonly RemoteCall[]): string {
  const lines = calls.map((call, index) => ({ ...call, line: runLine(call, index) }));
  const first = lines.filter(({ leads }) => leads).map(({ line }) => `${line}\n`);
  const others = lines.filter(({ leads }) => !leads).map(({ line }) => `${line} &\n`);
  return `${prelude}${first.join('')}${others.join('')}wait
${packAnswer(calls.length)}
${tellAnswer(id, '"$work/answer"')}
[ "$length" -le ${partLength} ] || mv "$work/answer" ${spoolFolder}/${id}
`;
}

/** Runs one call under its number. */
export function runLine(
  call: RemoteCall,
  number: number,
  limit = String(call.timeoutSeconds),
): string {
  const command = `run ${number} ${limit} ${commandLine(call.argv)}`;
  return call.input === undefined
    ? `${command} </dev/null`
    : `${printCommand(call.input)} | ${command}`;
}

/**
 * Packs what the calls below this number left, those that ran, into one file: their exit codes, the sizes
 * of what they printed, and all of that behind each other. Few programs do it for all calls, since on a
 * small node each start of one costs milliseconds.
 */
export const packAnswer = (count: number): string => `(
  cd "$work" || exit
  set --
  for n in ${numbers(count)}; do
    [ -f "$n.code" ] || continue
    read -r code <"$n.code"
    echo "$n $code"
    set -- "$@" "$n.out" "$n.err"
  done
  echo
  wc -c "$@"
  echo
  cat "$@"
) | gzip -9 | base64 | tr -d '\\n' >"$work/answer"`;

/** Prints the header and the first part of a packed answer. */
export const tellAnswer = (id: string, file: string): string => `length=$(wc -c <${file})
echo wtc ${quote(id)} "$((length))" "$(sha256sum <${file} | cut -d ' ' -f 1)"
head -c ${partLength} ${file}`;

const numbers = (count: number): string => [...Array(count).keys()].join(' ');

/** POSIX sh that prints the part of a long answer which begins at `offset`. */
export function partScript(id: string, offset: number): string {
  return `tail -c +${offset + 1} ${spoolFolder}/${quote(id)} | head -c ${partLength}\n`;
}

export interface AnswerHeader {
  readonly length: number;
  readonly sha256: string;
  readonly part: string;
}

/** Reads the header line and the first part out of what the command printed. */
export function parseHeader(id: string, printed: string): AnswerHeader {
  const match = /^wtc (\S+) (\d+) ([0-9a-f]{64})\n/.exec(printed);
  if (!match || match[1] !== id) {
    throw new PipelineError(
      'COMMAND_OUTPUT_BROKEN',
      `The node's answer does not begin with this call's header; it printed:\n${printed.slice(0, 500)}`,
    );
  }
  return {
    length: Number(match[2]),
    sha256: match[3] ?? '',
    part: printed.slice(match[0].length),
  };
}

/** Unpacks a whole answer into one output per call. */
export function parseAnswer(header: AnswerHeader, answer: string): RemoteOutput[] {
  const digest = createHash('sha256').update(answer).digest('hex');
  if (answer.length !== header.length || digest !== header.sha256) {
    throw new PipelineError(
      'COMMAND_OUTPUT_BROKEN',
      `The node's answer arrived damaged: ${answer.length} of ${header.length} characters.`,
    );
  }
  const bytes = gunzipSync(Buffer.from(answer, 'base64'));
  const sizesAt = bytes.indexOf('\n\n') + 2;
  let at = bytes.indexOf('\n\n', sizesAt) + 2;
  const printed = new Map<string, string>();
  for (const line of linesOf(bytes, sizesAt, at)) {
    const [, size, file = ''] = /^ *(\d+) (.+)$/.exec(line) ?? [];
    // Behind several files their sum.
    if (file === 'total') continue;
    printed.set(file, bytes.toString('utf8', at, at + Number(size)));
    at += Number(size);
  }
  return linesOf(bytes, 0, sizesAt).map((line) => {
    const [number, exitCode] = line.split(' ');
    const stdout = printed.get(`${number}.out`) ?? '';
    // Where the disk is full there is none, and nothing to trust.
    return { exitCode: Number(exitCode || 1), stdout, stderr: printed.get(`${number}.err`) ?? '' };
  });
}

const linesOf = (bytes: Buffer, from: number, to: number): string[] =>
  bytes.toString('utf8', from, to).trimEnd().split('\n');
