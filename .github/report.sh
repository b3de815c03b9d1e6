#!/usr/bin/env bash
# Fetches the last release's report and the platform's status, with the arguments that reach the
# cluster; shows the report on the job's page, and gives the release's code as an output.
set -euo pipefail

folder="$RUNNER_TEMP/report"
dagger --progress plain call report "$@" export --path "$folder"
dagger --progress plain call status "$@" --format json >"$folder/status.json"
cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"
node -e 'const { last } = JSON.parse(require("fs").readFileSync(0)); console.log("code=" + (last?.code ?? ""))' \
  <"$folder/status.json" >>"$GITHUB_OUTPUT"
