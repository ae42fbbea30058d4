// Fetches a Maskinporten token, exchanges it for an Altinn token, and prints that.
// The private key is read from a file: node token.mjs private-jwk.json
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { SignJWT, importJWK } from "jose";

const settings = {
  clientId: "0a1b2c3d-1111-2222-3333-444455556666",
  kid: "sakssystem-sandbox-20261122-Zk3vQx9T",
  scope: "altinn:serviceowner altinn:serviceowner/notifications.create",
  audience: "https://test.maskinporten.no/",
  tokenEndpoint: "https://test.maskinporten.no/token",
  platform: "https://platform.tt02.altinn.no",
};

async function text(answer) {
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${answer.status} ${body}`);
  return body;
}

const key = await importJWK(JSON.parse(await readFile(process.argv[2] ?? "private-jwk.json", "utf8")), "RS256");
const now = Math.floor(Date.now() / 1000);
const grant = await new SignJWT({ scope: settings.scope })
  .setProtectedHeader({ alg: "RS256", kid: settings.kid, typ: "JWT" })
  .setAudience(settings.audience)
  .setIssuer(settings.clientId)
  .setIssuedAt(now)
  .setExpirationTime(now + 60)
  .setJti(randomUUID())
  .sign(key);

const { access_token: token } = JSON.parse(await text(await fetch(settings.tokenEndpoint, {
  method: "POST",
  body: new URLSearchParams({ grant_type: "urn:ietf:params:oauth:grant-type:jwt-bearer", assertion: grant }),
})));
const altinnToken = await text(await fetch(`${settings.platform}/authentication/api/v1/exchange/maskinporten`, {
  headers: { authorization: `Bearer ${token}` },
}));
console.log(altinnToken);
