// Shows that one has a private key: a signature over a text of the server's, which
// begins with "portvakt-saved:" and can be nothing else than that.
//
//   signSaved(key, text)   a promise of the signature, in base64url

import {base64url, utf8} from "/static/js/keys/text.js";

export async function signSaved(key, text) {
  if (!/^portvakt-saved:v1:[\w-]{16,64}$/.test(text)) throw new Error("not a text to be signed");
  const algorithm = {name: "RSASSA-PKCS1-v1_5", hash: "SHA-256"};
  const own = await crypto.subtle.importKey("pkcs8", key.privateDER(), algorithm, false, ["sign"]);
  return base64url(new Uint8Array(await crypto.subtle.sign(algorithm.name, own, utf8(text))));
}
