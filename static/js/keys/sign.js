// Signs in the browser, and looks first at what is to be signed.
//
//   signer(key)          a promise of a CryptoKey made of a private Key (jwk.js), which
//                        signs and can be exported by nobody, not even by this page
//   checkInput(signingInput, expected)   "" when the grant is exactly the one expected,
//                        otherwise the code of what is not. expected is
//                        {audience, clientId, kid, alg, scopes, consumerOrg, resource, now}:
//                        alg is "RS256" and now the present when they are left out; a
//                        consumerOrg or resource that is left out must not be there.
//   signInput(cryptoKey, signingInput)   a promise of the compact JWS
//
// The codes of checkInput, in the order of looking:
//   form      not header.claims, each one JSON object in base64url
//   header    a header field other than alg and kid
//   alg, kid  another one
//   claim     a claim other than those below
//   audience, client, scope, consumer, resource   another one
//   id        no jti
//   lifetime  it does not live 1 to 120 seconds
//   clock     it is not issued now: this machine's clock or the server's is wrong

import {base64url, fromBase64url, strictJSON, utf8} from "/static/js/keys/text.js";

export const inputCodes = [
  "form", "header", "alg", "kid", "claim", "audience", "client", "scope", "consumer", "resource", "id", "lifetime", "clock",
];

// How long a grant may live, and how far this machine's clock may be from the
// server's, in seconds. The server writes the times, since Maskinporten allows
// ten seconds and the clocks of people's machines are worse than that.
const longest = 120;
const drift = 600;

export function signer(key) {
  const hash = `SHA-${key.alg.slice(2)}`;
  // PKCS#8 rather than JWK: browsers refuse a JWK with the zeros that .NET wants.
  return crypto.subtle.importKey("pkcs8", key.privateDER(), {name: "RSASSA-PKCS1-v1_5", hash}, false, ["sign"]);
}

export function checkInput(signingInput, expected) {
  const [header, claims] = parts(signingInput);
  if (!header || !claims) return "form";
  return checkHeader(header, expected) || checkClaims(claims, expected) || checkTimes(claims, expected.now ?? new Date());
}

function checkHeader(header, {alg = "RS256", kid}) {
  if (Object.keys(header).some((name) => name !== "alg" && name !== "kid")) return "header";
  if (header.alg !== alg) return "alg";
  return kid && header.kid === kid ? "" : "kid";
}

const known = ["aud", "iss", "scope", "iat", "exp", "jti", "consumer_org", "resource"];

function checkClaims(claims, {audience, clientId, scopes, consumerOrg, resource}) {
  if (Object.keys(claims).some((name) => !known.includes(name))) return "claim";
  if (!audience || claims.aud !== audience) return "audience";
  if (!clientId || claims.iss !== clientId) return "client";
  if (!scopes.length || claims.scope !== scopes.join(" ")) return "scope";
  if (claims.consumer_org !== (consumerOrg || undefined)) return "consumer";
  if (JSON.stringify(claims.resource) !== (resource ? JSON.stringify([resource]) : undefined)) return "resource";
  if (typeof claims.jti !== "string" || !claims.jti) return "id";
  return "";
}

function checkTimes({iat, exp}, now) {
  if (!Number.isInteger(iat) || !Number.isInteger(exp) || exp <= iat || exp - iat > longest) return "lifetime";
  return Math.abs(iat - now.getTime() / 1000) > drift ? "clock" : "";
}

// Header and claims, or nothing.
function parts(signingInput) {
  const texts = signingInput.split(".");
  if (texts.length !== 2) return [];
  return texts.map((text) => {
    try {
      const value = strictJSON(new TextDecoder("utf-8", {fatal: true, ignoreBOM: true}).decode(fromBase64url(text)));
      return value && typeof value === "object" && !Array.isArray(value) ? value : null;
    } catch {
      return null;
    }
  });
}

export async function signInput(cryptoKey, signingInput) {
  const signature = await crypto.subtle.sign("RSASSA-PKCS1-v1_5", cryptoKey, utf8(signingInput));
  return `${signingInput}.${base64url(new Uint8Array(signature))}`;
}
