// Makes a key in the browser.
//
//   canMakeKeys          whether this browser can, here: pages that came over plain
//                        http from another machine get no crypto.subtle
//   makeKey({bits, kid}) a promise of a Key (jwk.js) with its private half. bits is
//                        2048, 3072 or 4096. kid is a text, or a function that is given
//                        the key's thumbprint and returns one; the thumbprint itself
//                        when there is none.
//
// The random numbers are the browser's own. The key exists in the memory of this
// page and nowhere else; nothing here can store or send it.

import {fromBase64url} from "/static/js/keys/text.js";
import {keyOf, sizes, Refused} from "/static/js/keys/jwk.js";

export const canMakeKeys = Boolean(globalThis.crypto?.subtle);

export async function makeKey({bits = 2048, kid} = {}) {
  if (!sizes.includes(bits)) throw new Refused(bits > sizes[0] ? "too-large" : "too-small");
  let jwk;
  do {
    const pair = await crypto.subtle.generateKey(
      {name: "RSASSA-PKCS1-v1_5", modulusLength: bits, publicExponent: Uint8Array.of(1, 0, 1), hash: "SHA-256"}, true, ["sign", "verify"],
    );
    jwk = await crypto.subtle.exportKey("jwk", pair.privateKey);
  } while (!fullLength(jwk, bits));
  const {kty, n, e, d, p, q, dp, dq, qi} = jwk;
  const key = await keyOf({kty, n, e, d, p, q, dp, dq, qi});
  return key.withKid(typeof kid === "string" ? kid : (kid?.(key.thumbprint) ?? key.thumbprint));
}

// A JWK writes numbers without zero bytes in front, while .NET refuses a key with a
// private member shorter than its full length. A key in which the two rules meet,
// one in fifteen, is thrown away, and another one is made.
function fullLength(jwk, bits) {
  return ["d", "p", "q", "dp", "dq", "qi"].every((name) => {
    const bytes = fromBase64url(jwk[name]);
    return bytes.length === bits / (name === "d" ? 8 : 16) && bytes[0] !== 0;
  });
}
