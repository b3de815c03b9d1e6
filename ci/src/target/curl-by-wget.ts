/**
 * POSIX sh that does with wget what `curlArgs` asks of curl, for nodes without it: k3s' own image has
 * busybox and no more. wget hands over no body of a 503, so such a service only says that it is ill.
 */
export const curlByWget = `#!/bin/sh
rule= seconds=5
while [ $# -gt 1 ]; do
  case $1 in
    --resolve) rule=$2; shift ;;
    --max-time) seconds=$2; shift ;;
  esac
  shift
done
url=$1
set -- -q -O - -T "$seconds"
case $url in https:*) set -- "$@" --no-check-certificate ;; esac
if [ -n "$rule" ]; then # <host>:<port>:<address>
  host=\${rule%%:*} address=\${rule#*:*:} port=\${rule#*:}
  scheme=\${url%%://*} path=/\${url#*://*/}
  set -- "$@" --header "Host: $host"
  url=$scheme://$address:\${port%%:*}$path
fi
exec wget "$@" "$url"
`;
