#!/bin/sh
# Packs private-key.pem into maskinporten.p12, for programs that read nothing but
# key stores. openssl asks for the password, or reads it from the first line of a
# file: sh pkcs12.sh [PASSWORD-FILE]
set -eu
umask 077
# A key store wants a certificate. This one proves nothing: Maskinporten goes by the kid.
openssl req -new -x509 -key private-key.pem -subj /CN=maskinporten -days 3650 -out maskinporten.crt
openssl pkcs12 -export -inkey private-key.pem -in maskinporten.crt -name maskinporten \
  -out maskinporten.p12 ${1:+-passout "file:$1"}
rm maskinporten.crt
