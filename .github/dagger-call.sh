#!/usr/bin/env bash
# One `dagger call` with the arguments given, which keeps what was said for summary.sh. A function's
# result goes to standard output, its progress and its error to standard error.
set -euo pipefail

result="$RUNNER_TEMP/result.txt"
progress="$RUNNER_TEMP/progress.txt"

dagger --progress plain call "$@" 2>&1 >"$result" | tee "$progress"
cat "$result"
