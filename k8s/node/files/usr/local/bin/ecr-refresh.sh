#!/bin/sh
# Writes a token of ECR, which lives for twelve hours, into the pull secret of each namespace given:
# what there is when the kubelet has no credential provider. ecr-refresh.timer runs it. If anything
# fails, the Secret stays as it was, and the next run tries again.
#
#   ecr-refresh.sh NAMESPACE…
#
# In the environment: ECR_REGISTRY another registry, AWS_REGION another region.
set -eu
# What follows holds a token: nobody else reads it, and it stands in no argument and no log.
umask 077

registry=${ECR_REGISTRY:-385017713886.dkr.ecr.eu-west-1.amazonaws.com}
region=${AWS_REGION:-eu-west-1}
secret=ecr-pull-secret
fail() {
  printf 'ecr-refresh: %s\n' "$1" >&2
  exit 1
}
[ $# -gt 0 ] || fail 'expected the namespaces whose pods pull'

token=$(aws ecr get-login-password --region "$region") ||
  fail 'ECR gave no token: has the instance a role with iam-policy.json? The old one stays.'
[ -n "$token" ] || fail 'ECR answered without a token. The old one stays.'

encode() { base64 | tr -d '\n'; }
auth=$(printf 'AWS:%s' "$token" | encode)
config=$(printf '{"auths":{"%s":{"auth":"%s"}}}' "$registry" "$auth" | encode)
failed=''
for namespace in "$@"; do
  # Server-side: a client-side apply would keep a copy of the token in an annotation.
  k3s kubectl apply --server-side --field-manager=ecr-refresh --request-timeout=20s -f - <<EOF ||
apiVersion: v1
kind: Secret
metadata:
  name: $secret
  namespace: $namespace
type: kubernetes.io/dockerconfigjson
data:
  .dockerconfigjson: $config
EOF
    failed="$failed $namespace"
done
[ -z "$failed" ] || fail "not written:$failed. The old one stays there."
