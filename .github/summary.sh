#!/usr/bin/env bash
# Shows on the job's page how its dagger-call.sh ended: the result, or the error at the end of its
# progress, which of a failed deploy is the table with each service's reason.
set -euo pipefail

result="$RUNNER_TEMP/result.txt"
progress="$RUNNER_TEMP/progress.txt"

outcome() {
  if [[ -s "$result" ]]; then
    cat "$result"
  elif grep -q '^Error: ' "$progress" 2>/dev/null; then
    sed -n '/^Error: /,$p' "$progress" | sed 's/ \[traceparent:[^]]*]//'
  elif [[ -s "$progress" ]]; then
    echo 'Ended without a result; its last words:'
    tail -n 40 "$progress"
  else
    echo 'Nothing was called: the log of the step that failed says why.'
  fi
}

# A page takes 1 MiB; a report has a few kB.
{
  echo "### $1"
  echo '~~~~~~~~text'
  outcome | { head -c 100000; cat >/dev/null; }
  echo
  echo '~~~~~~~~'
} >>"$GITHUB_STEP_SUMMARY"
