// A key: what it says of itself, its public forms, and its private ones.
//
//   keyOf(members)    a promise of the Key that a JWK's members are, public or private;
//                     throws Refused with a code where they are not in order
//   gate(members)     the same judgement on the public members alone, at once; it
//                     returns the members as they should be written
//   gatePrivate(members)   likewise for a whole key pair
//
//   key.kid, key.alg, key.bits, key.thumbprint (RFC 7638, SHA-256, base64url)
//   key.isPrivate                  whether the private half is here too
//   key.withKid(kid)               the same key under another id; throws Refused("kid")
//   key.publicHalf()               the same key without its private half
//   key.publicJWK(), publicArray(), publicSet(), publicEncoded(), publicPEM()   texts
//   key.privateJWK(), privateEncoded(), privatePEM()   texts, and privateDER(), bytes
//
// The private half lies in a private field of the object (#secret): neither
// console.log nor JSON.stringify shows it. It leaves through the four methods
// whose names begin with "private", and in no other way.
//
// The server has the same rules, in jwk/gate.go, but for two tests that cost much:
// whether the primes are close to each other, which it makes when it gets the public
// half, and whether they are primes at all.

import {base64, base64url, fromBase64url, loose64, utf8} from "/static/js/keys/text.js";
import {kidFits} from "/static/js/keys/kid.js";
import {privateDER, privatePEM, publicPEM} from "/static/js/keys/pem.js";

// The sizes in bits that are made and accepted.
export const sizes = [2048, 3072, 4096];

// Why a key is refused: code is one of the kinds that read.js lists.
export class Refused extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

export async function keyOf(members) {
  const jwk = members.d === undefined ? gate(members) : gatePrivate(members);
  const named = utf8(`{"e":"AQAB","kty":"RSA","n":"${jwk.n}"}`);
  const thumbprint = base64url(new Uint8Array(await crypto.subtle.digest("SHA-256", named)));
  return new Key(jwk, thumbprint);
}

export class Key {
  #secret;

  constructor({alg, kid, n, ...rest}, thumbprint) {
    const {d, p, q, dp, dq, qi} = rest;
    this.kid = kid ?? "";
    this.alg = alg;
    this.n = n;
    this.bits = bitsOf(n);
    this.thumbprint = thumbprint;
    this.#secret = d === undefined ? null : {d, p, q, dp, dq, qi};
    Object.freeze(this);
  }

  get isPrivate() { return this.#secret !== null; }

  withKid(kid) {
    if (!kidFits(kid)) throw new Refused("kid");
    return new Key({...this.#open(), ...this.#secret, kid}, this.thumbprint);
  }

  publicHalf() { return new Key(this.#open(), this.thumbprint); }

  publicJWK() { return JSON.stringify(this.#open()); }
  publicArray() { return `[${this.publicJWK()}]`; }
  publicSet() { return `{"keys":${this.publicArray()}}`; }
  publicEncoded() { return base64(utf8(this.publicJWK())); }
  publicPEM() { return publicPEM(this); }

  privateJWK() { return JSON.stringify(this.#whole()); }
  privateEncoded() { return base64(utf8(this.privateJWK())); }
  privatePEM() { return privatePEM(this.#whole()); }
  privateDER() { return privateDER(this.#whole()); }

  // The members in the order in which people read them.
  #open() {
    const {alg, kid, n} = this;
    return {kty: "RSA", use: "sig", alg, ...(kid && {kid}), n, e: "AQAB"};
  }

  #whole() {
    if (!this.#secret) throw new Refused("public");
    return {...this.#open(), ...this.#secret};
  }
}

export function gate(members) {
  const {kty, use = "sig", alg = "RS256", kid, n, e} = members;
  if (Object.values(members).flat().some((value) => value !== null && typeof value === "object")) throw new Refused("malformed");
  if (kty !== "RSA") throw new Refused(typeof kty === "string" && kty ? "not-rsa" : "malformed");
  if (use !== "sig") throw new Refused("use");
  if (!["RS256", "RS384", "RS512"].includes(alg)) throw new Refused("alg");
  if (kid !== undefined && !kidFits(kid)) throw new Refused("kid");
  if (typeof n !== "string" || typeof e !== "string" || !n || !e) throw new Refused("malformed");
  const bytes = fromBase64url(n);
  const bits = bitsOf(n);
  if (bits > 0 && bits < sizes[0]) throw new Refused("too-small");
  if (e !== "AQAB") throw new Refused("exponent");
  if (!bytes || bits === 0 || bytes[0] === 0) throw new Refused("malformed");
  if (!sizes.includes(bits)) throw new Refused("too-large");
  if (hasSmallFactor(numberOf(n))) throw new Refused("weak");
  return {kty, use, alg, ...(kid !== undefined && {kid}), n, e};
}

// The lengths of the private members, as parts of that of n.
const lengths = {d: 1, p: 1 / 2, q: 1 / 2, dp: 1 / 2, dq: 1 / 2, qi: 1 / 2};

export function gatePrivate(members) {
  const jwk = gate(members);
  if (members.oth !== undefined) throw new Refused("private-broken");
  for (const [name, part] of Object.entries(lengths)) {
    const bytes = typeof members[name] === "string" ? fromBase64url(members[name]) : null;
    const full = (bitsOf(jwk.n) / 8) * part;
    if (!bytes?.length || bytes.length > full) throw new Refused("private-broken");
    // .NET refuses a member shorter than its full length. Zeros in front change
    // nothing of the number.
    jwk[name] = base64url(Uint8Array.from([...new Uint8Array(full - bytes.length), ...bytes]));
  }
  if (!belongTogether(jwk)) throw new Refused("private-broken");
  return jwk;
}

// Whether the numbers are those of one RSA key.
function belongTogether(jwk) {
  const {n, d, p, q, dp, dq, qi} = Object.fromEntries(["n", "d", "p", "q", "dp", "dq", "qi"].map((name) => [name, numberOf(jwk[name])]));
  const half = bitsOf(jwk.n) / 2;
  return bitsOf(jwk.p) === half && bitsOf(jwk.q) === half && p * q === n && d < n &&
    (d * 65537n) % (p - 1n) === 1n && (d * 65537n) % (q - 1n) === 1n &&
    dp === d % (p - 1n) && dq === d % (q - 1n) && (qi * q) % p === 1n && qi < p;
}

// A modulus with a factor below 1000 was not made by a sound generator.
function hasSmallFactor(n) {
  for (let f = 3n; f < 1000n; f += 2n) {
    if (n % f === 0n) return true;
  }
  return n % 2n === 0n;
}

const hexOf = (text) => Array.from(loose64(text), (b) => b.toString(16).padStart(2, "0")).join("");

const numberOf = (text) => BigInt(`0x0${hexOf(text)}`);

// The size of a number in bits, 0 for what is no number.
export function bitsOf(text) {
  const hex = hexOf(text).replace(/^0+/, "");
  return hex ? hex.length * 4 - Math.clz32(parseInt(hex[0], 16)) + 28 : 0;
}
