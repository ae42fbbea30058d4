#!/bin/sh
# The private key is read from the file encoded-jwk.txt, so that it stands neither
# on a command line nor in the shell's history. Usage: sh keyvault.sh VAULT-NAME
set -eu
vault=${1:?name of the key vault}
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--Environment --value 'test' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--ClientId --value '0a1b2c3d-1111-2222-3333-444455556666' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--Scope --value 'altinn:serviceowner altinn:serviceowner/notifications.create' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--ExhangeToAltinnToken --value true --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--TokenExchangeEnvironment --value 'tt02' --output none
az keyvault secret set --vault-name "$vault" --name MaskinportenSettings--EncodedJwk --file encoded-jwk.txt --encoding utf-8 --output none
rm -i encoded-jwk.txt
