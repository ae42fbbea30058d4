#!/bin/sh
# Fetches a Maskinporten token, exchanges it for an Altinn token, and prints that.
# The private key is read from a file: sh token.sh private-key.pem
set -eu
key=${1:-private-key.pem}
client_id='0a1b2c3d-1111-2222-3333-444455556666'
kid='sakssystem-sandbox-20261122-Zk3vQx9T'
scope='altinn:serviceowner altinn:serviceowner/notifications.create'
audience='https://test.maskinporten.no/'
token_endpoint='https://test.maskinporten.no/token'
platform='https://platform.tt02.altinn.no'

base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }
now=$(date +%s)
jti=$(openssl rand -hex 16)
header=$(printf '{"alg":"RS256","kid":"%s","typ":"JWT"}' "$kid" | base64url)
claims=$(printf '{"aud":"%s","iss":"%s","scope":"%s","iat":%s,"exp":%s,"jti":"%s"}' \
  "$audience" "$client_id" "$scope" "$now" "$((now + 60))" "$jti" | base64url)
signature=$(printf '%s.%s' "$header" "$claims" | openssl dgst -sha256 -sign "$key" -binary | base64url)

# The grant and the tokens go through standard input, so that they do not show in
# the list of processes.
answer=$(printf '%s.%s.%s' "$header" "$claims" "$signature" |
  curl --silent --show-error --fail-with-body \
    --data-urlencode 'grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer' \
    --data-urlencode 'assertion@-' "$token_endpoint") || { echo "$answer" >&2; exit 1; }
token=$(printf '%s' "$answer" | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')
printf 'header = "Authorization: Bearer %s"\n' "$token" |
  curl --silent --show-error --fail-with-body --config - \
    "$platform/authentication/api/v1/exchange/maskinporten"
echo
