#!/bin/sh
# The private key is read from the file encoded-jwk.txt, so that it stands neither
# on a command line nor in the shell's history. Usage: sh altinn-app-keyvault.sh VAULT-NAME
set -eu
vault=${1:?name of the key vault}
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--Authority --value 'https://test.maskinporten.no/' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--ClientId --value '0a1b2c3d-1111-2222-3333-444455556666' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--JwkBase64 --file encoded-jwk.txt --encoding utf-8 --output none
rm -i encoded-jwk.txt
