import {
  packAnswer,
  prelude,
  type RemoteCall,
  runLine,
  spoolFolder,
  tellAnswer,
} from './remote-script.ts';
import { quote } from './shell.ts';

/** What runs behind a guard, as commands for the node. */
export interface GuardedScript {
  readonly guard: RemoteCall;
  readonly marker: RemoteCall;
  readonly calls: readonly RemoteCall[];
  readonly reads: readonly RemoteCall[];
  readonly withinSeconds: number;
}

/** Seconds that the whole text may take; a later arrival waits no longer for the first one. */
export const runSecondsOf = ({ marker, reads, withinSeconds }: GuardedScript): number =>
  withinSeconds +
  marker.timeoutSeconds +
  Math.max(0, ...reads.map((call) => call.timeoutSeconds)) +
  10;

/**
 * POSIX sh that runs calls behind their guard. Two things let it begin, and nothing else: a folder
 * named after this text, which only the first arrival can make, and the guard. Its answer is kept for
 * an hour; a later arrival waits for it and prints the same, or `wtc-lost` if there will be none.
 */
export function guardedScript(id: string, script: GuardedScript): string {
  const { guard, marker, calls, reads } = script;
  const kept = `${spoolFolder}/${quote(id)}`;
  const second = calls.length + reads.length + 1;
  const steps = calls.map((call, index) => {
    const limit = `$(within ${call.timeoutSeconds})`;
    return `  ok ${index} && { ${runLine(call, index + 1, limit)}; }`;
  });
  const asked = reads.map((call, index) => `    ${runLine(call, calls.length + 1 + index)} &`);
  return `${prelude}ok() { [ "$(cat "$work/$1.code" 2>/dev/null)" = 0 ]; }
# A call that outlives a killed shell ends at its limit all the same.
end=$(($(date +%s) + ${script.withinSeconds}))
within() {
  left=$((end - $(date +%s)))
  [ "$left" -gt 0 ] || left=0.01
  [ "$left" = 0.01 ] || [ "$left" -lt "$1" ] || left=$1
  echo "$left"
}
if mkdir ${kept}.claim 2>/dev/null; then
  echo $$ >${kept}.claim/pid
  ${runLine(guard, 0)}
  if ! ok 0; then
    ${runLine(marker, second)}
    case $(cat "$work/${second}.out") in *${quote(id)}*)
      mv "$work/${second}.out" "$work/0.out"
      echo 0 >"$work/0.code" ;;
    esac
  fi
${steps.join('\n')}
  if ok ${calls.length}; then
${asked.join('\n')}
    wait
  fi
${packAnswer(second)}
  if ok 0; then mv "$work/answer" ${kept}; else rm -r ${kept}.claim; fi
else
  left=${runSecondsOf(script)}
  while [ -d ${kept}.claim ] && [ ! -f ${kept} ] && [ "$left" -gt 0 ]; do
    # The first one may have been killed; it left its process' number before anything else.
    first=$(cat ${kept}.claim/pid 2>/dev/null) && ! kill -0 "$first" 2>/dev/null && left=1
    sleep 1
    left=$((left - 1))
  done
fi
answer=$work/answer
[ ! -f ${kept} ] || answer=${kept}
if [ ! -f "$answer" ]; then
  echo wtc-lost ${quote(id)}
  exit
fi
${tellAnswer(id, '"$answer"')}
`;
}

/** Whether a later arrival found that the first one left no answer. */
export const isLost = (id: string, printed: string): boolean =>
  printed.startsWith(`wtc-lost ${id}\n`);
