#!/bin/sh
# Lets k3s pull from ECR with the role of the instance: puts ecr-credential-provider and its
# configuration where k3s looks for them, restarts k3s if one of them changed, and asks the provider for
# a token. Run it as root, on the node, from the folder that holds it; again whenever you like.
#
#   set-up-ecr-pulls.sh [--image IMAGE] [--file PROGRAM] [--check]
#
#   --image IMAGE   an image of the registry to ask for
#   --file PROGRAM  a program that you compiled yourself (README.md), in place of the published one
#   --check         changes nothing and only asks the provider
#
# In the environment: ECR_PROVIDER_URL and ECR_PROVIDER_SHA256 name another source and its checksum,
# FOLDER another root of the file system than /, K3S_RESTART another command than `systemctl restart k3s`.
set -eu

version=v1.34.3
image=385017713886.dkr.ecr.eu-west-1.amazonaws.com/whatsthecraic/aggregator
file='' check=''
fail() {
  printf 'set-up-ecr-pulls: %s\n' "$1" >&2
  exit 1
}
while [ $# -gt 0 ]; do
  case $1 in
    --image) image=${2:?"--image needs an image"}; shift ;;
    --file) file=${2:?"--file needs a program"}; shift ;;
    --check) check=yes ;;
    *) fail "unknown argument $1; see the first lines of this file" ;;
  esac
  shift
done
case $image in
  *.dkr.ecr.*.amazonaws.com/*) ;;
  *) fail "--image $image: expected <account>.dkr.ecr.<region>.amazonaws.com/<repository>" ;;
esac

root=${FOLDER:-}
here=$(cd "$(dirname "$0")" && pwd)
place=$root/var/lib/rancher/credentialprovider
program=$place/bin/ecr-credential-provider
wanted=$here/files/var/lib/rancher/credentialprovider/config.yaml
# There until k3s has restarted, so that a run which is cut off is finished by the next.
pending=$place/restart-pending
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Which build of the provider this machine runs.
case $(uname -m) in
  aarch64 | arm64) arch=arm64 ;;
  x86_64) arch=amd64 ;;
  *) fail "no provider is published for $(uname -m); compile it and give --file" ;;
esac
published=https://artifacts.k8s.io/binaries/cloud-provider-aws/$version/linux/$arch/ecr-credential-provider-linux-$arch
url=${ECR_PROVIDER_URL:-$published}

sum() { sha256sum "$1" | cut -d ' ' -f 1; }
get() { curl --fail --silent --show-error --location --retry 3 --max-time 300 --output "$2" "$1"; }

# Puts the file into its place whole, with owner and mode, if another one or none is there.
put() { # FILE PLACE MODE
  if [ -f "$2" ] && [ "$(sum "$1")" = "$(sum "$2")" ]; then return; fi
  install -D -m "$3" "$1" "$2.new"
  : >"$pending"
  mv -f "$2.new" "$2"
  echo "put $2"
}

# The checksum comes first: with it, an unchanged provider is not fetched again.
fetch() {
  expected=${ECR_PROVIDER_SHA256:-}
  if [ -z "$expected" ]; then
    get "$url.sha256" "$work/sha256" || fail "the checksum $url.sha256 cannot be fetched"
    expected=$(cut -d ' ' -f 1 "$work/sha256")
  fi
  case $expected in
    *[!0-9a-f]* | '') fail "not a SHA-256: $expected" ;;
  esac
  [ ${#expected} -eq 64 ] || fail "not a SHA-256: $expected"
  if [ -f "$program" ] && [ "$(sum "$program")" = "$expected" ]; then return; fi
  get "$url" "$work/provider" || fail "$url cannot be fetched"
  [ "$(sum "$work/provider")" = "$expected" ] ||
    fail "$url has the checksum $(sum "$work/provider"), not $expected: nothing was changed"
  put "$work/provider" "$program" 0755
}

if [ -z "$check" ]; then
  [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || fail 'run it as root'
  [ -f "$wanted" ] || fail "$wanted is absent: copy the whole folder k8s/node to the node"
  if [ -n "$file" ]; then
    [ -f "$file" ] || fail "--file $file: there is no such file"
    put "$file" "$program" 0755
  else
    fetch
  fi
  put "$wanted" "$place/config.yaml" 0644
  if [ -e "$pending" ]; then
    ${K3S_RESTART:-systemctl restart k3s} || fail 'k3s did not restart; see journalctl -u k3s'
    rm "$pending"
    echo 'restarted k3s; pods go on meanwhile'
  else
    echo 'nothing changed'
  fi
fi

# As the kubelet asks. The answer holds the token, so none of it is shown.
[ -x "$program" ] || fail "$program is absent: run this without --check first"
request='{"apiVersion":"credentialprovider.kubelet.k8s.io/v1","kind":"CredentialProviderRequest","image":"'$image'"}'
if ! printf %s "$request" | timeout 60 "$program" >"$work/answer" 2>"$work/error"; then
  tail -n 5 "$work/error" >&2
  fail "the provider gave no token: has the instance a role with iam-policy.json?"
fi
grep -q '"password":"[^"]' "$work/answer" || fail 'the provider answered without a token'
echo "the provider gives a token for ${image%%/*}"

# By this mark `plan` sees that it was done. A k3s that has just restarted takes a moment to answer.
mark="whatsthecraic.run.place/ecr-credential-provider=$version"
tries=0
until k3s kubectl annotate nodes --all --overwrite --request-timeout=10s "$mark" >/dev/null 2>"$work/error"; do
  tries=$((tries + 1))
  [ $tries -lt 30 ] || fail "the node cannot be marked: $(tail -n 1 "$work/error")"
  sleep 2
done
