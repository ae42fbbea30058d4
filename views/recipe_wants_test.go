package views

import "maps"

// recipeWants is what each recipe must say, as its format's reader tells it. What
// a recipe says besides is in the golden files.
var recipeWants = map[string]func(RecipeValues) map[string]string{
	"appsettings": func(v RecipeValues) map[string]string { return library("MaskinportenSettings.", v, "") },
	"user-secrets": func(v RecipeValues) map[string]string {
		return map[string]string{"MaskinportenSettings:EncodedJwk": v.Encoded}
	},
	"env": func(v RecipeValues) map[string]string {
		return plus(library("MaskinportenSettings__", v, ""), "MaskinportenSettings__EncodedJwk", v.Encoded)
	},
	"altinn-app": func(v RecipeValues) map[string]string {
		const section = "MaskinportenSettings:"
		return map[string]string{section + "Authority": v.Issuer, section + "ClientId": v.ClientID, section + "JwkBase64": v.Encoded}
	},
	"dotnet-settings": func(v RecipeValues) map[string]string {
		return map[string]string{"authority": v.Issuer, "clientId": v.ClientID, "key.kty": "RSA", "key.d": "NOT-A-PRIVATE-KEY"}
	},
	"ks-dotnet": func(v RecipeValues) map[string]string {
		return map[string]string{"audience": v.Issuer, "tokenEndpoint": v.TokenEndpoint, "issuer": v.ClientID, "keyIdentifier": v.Kid}
	},
	"app-service": func(v RecipeValues) map[string]string {
		const name = "MaskinportenSettings__"
		all := library(name, v, ".value")
		all[name+"EncodedJwk.value"] = "@Microsoft.KeyVault(VaultName=VAULT-NAME;SecretName=MaskinportenSettings--EncodedJwk)"
		for _, n := range []string{"Environment", "ClientId", "Scope", "ExhangeToAltinnToken", "TokenExchangeEnvironment", "EncodedJwk"} {
			all[name+n+".slotSetting"] = "false"
		}
		return all
	},
	"container-apps": func(v RecipeValues) map[string]string {
		const env = "properties.template.containers.CONTAINER-NAME.env.MaskinportenSettings__"
		const secret = "properties.configuration.secrets.maskinporten-jwk."
		all := library(env, v, ".value")
		all[env+"EncodedJwk.secretRef"] = "maskinporten-jwk"
		all[secret+"keyVaultUrl"] = "https://VAULT-NAME.vault.azure.net/secrets/MaskinportenSettings--EncodedJwk"
		all[secret+"identity"] = "system"
		return all
	},
	"kubernetes": func(v RecipeValues) map[string]string {
		const data = "stringData.MaskinportenSettings__"
		return plus(secretOf("maskinporten", library(data, v, "")), data+"EncodedJwk", v.Encoded)
	},
	"nais": func(v RecipeValues) map[string]string {
		const data = "stringData.MASKINPORTEN_"
		return secretOf("maskinporten-nais", map[string]string{
			data + "CLIENT_ID": v.ClientID, data + "CLIENT_JWK": v.JWK, data + "SCOPES": v.Scope(), data + "ISSUER": v.Issuer,
			data + "WELL_KNOWN_URL": v.Issuer + ".well-known/oauth-authorization-server",
			data + "TOKEN_ENDPOINT": v.TokenEndpoint, data + "JWKS_URI": v.Issuer + "jwk",
		})
	},
	"kubernetes-pem": func(v RecipeValues) map[string]string {
		return secretOf("maskinporten-pem", map[string]string{
			"stringData.client-id": v.ClientID, "stringData.kid": v.Kid, "stringData.private-key.pem": v.PEM,
		})
	},
	"spring": func(v RecipeValues) map[string]string {
		const section = "maskinporten."
		return map[string]string{
			section + "audience": v.Issuer, section + "tokenEndpoint": v.TokenEndpoint, section + "issuer": v.ClientID,
			section + "numberOfSecondsLeftBeforeExpire": "10", section + "asymmetricKey": v.Kid,
			section + "privateKey.pemFilePath": "private-key.pem",
		}
	},
	"nav": func(v RecipeValues) map[string]string {
		return map[string]string{"baseUrl": v.Base(), "clientId": v.ClientID}
	},
	"jose": func(v RecipeValues) map[string]string {
		return map[string]string{
			"clientId": v.ClientID, "kid": v.Kid, "scope": v.Scope(),
			"audience": v.Issuer, "tokenEndpoint": v.TokenEndpoint, "platform": v.Platform,
		}
	},
	"node-env": func(v RecipeValues) map[string]string {
		const name = "MASKINPORTEN_"
		return map[string]string{
			name + "ENV": v.Environment, name + "CLIENT_ID": v.ClientID, name + "KID": v.Kid, name + "SCOPE": v.Scope(),
			name + "PRIVATE_KEY_PATH": "private-key.pem",
		}
	},
	"pyjwt": func(v RecipeValues) map[string]string {
		return map[string]string{
			"CLIENT_ID": v.ClientID, "KID": v.Kid, "SCOPE": v.Scope(),
			"AUDIENCE": v.Issuer, "TOKEN_ENDPOINT": v.TokenEndpoint, "PLATFORM": v.Platform,
		}
	},
	"python-auth": func(v RecipeValues) map[string]string {
		return map[string]string{
			"app_id": v.ClientID, "scopes": v.Scope(), "authority.0": v.Issuer, "jwk_kid": v.Kid,
			"private_key_pem_path": "private-key.pem",
		}
	},
	"python-client": func(v RecipeValues) map[string]string {
		return map[string]string{
			"token_url": v.TokenEndpoint, "audience": v.Issuer, "issuer": v.ClientID, "scopes.0": v.Scopes[0], "scopes.1": v.Scopes[1],
			"consumer_organization": "CONSUMER-ORG", "exp_time_seconds": "60",
		}
	},
	"py-maskinporten": func(v RecipeValues) map[string]string {
		return map[string]string{"MASKINPORTEN_CLIENT_ID": v.ClientID, "KID": v.Kid, "SCOPE": v.Scope(), "PRIVATE_KEY": v.PEM}
	},
	"grant-generator": func(v RecipeValues) map[string]string {
		return map[string]string{
			"issuer": v.ClientID, "audience": v.Issuer, "token.endpoint": v.TokenEndpoint, "scope": v.Scope(), "keystore.kid": v.Kid,
			"keystore.type": "PKCS12", "keystore.file": "maskinporten.p12", "keystore.alias": "maskinporten",
			"keystore.password": "PASSWORD", "keystore.alias.password": "PASSWORD",
		}
	},
	"token-generator": func(v RecipeValues) map[string]string {
		return map[string]string{
			"$test_client_id": v.ClientID, "$test_scopes": v.Scopes[0] + "," + v.Scopes[1], "$test_audience": v.Issuer,
			"$test_token_endpoint": v.TokenEndpoint, "$test_kid": v.Kid, "$test_jwk_path": "private-jwk.json",
		}
	},
	"systemd": func(v RecipeValues) map[string]string { return library("MaskinportenSettings__", v, "") },
}

// library is the settings of Altinn's .NET library but the key.
func library(before string, v RecipeValues, after string) map[string]string {
	return map[string]string{
		before + "Environment" + after: v.Environment, before + "ClientId" + after: v.ClientID, before + "Scope" + after: v.Scope(),
		before + "ExhangeToAltinnToken" + after: "true", before + "TokenExchangeEnvironment" + after: v.Exchange,
	}
}

// secretOf adds what makes it a Secret in Kubernetes.
func secretOf(name string, all map[string]string) map[string]string {
	maps.Copy(all, map[string]string{"apiVersion": "v1", "kind": "Secret", "metadata.name": name, "type": "Opaque"})
	return all
}

func plus(all map[string]string, name, value string) map[string]string {
	all[name] = value
	return all
}
