// PEM and what is in it: DER, the binary form of keys and certificates. Written by
// hand, because it is little: each element of DER is a tag, a length and a content.
//
//   publicPEM({n})       BEGIN PUBLIC KEY (SubjectPublicKeyInfo)
//   privatePEM(jwk)      BEGIN PRIVATE KEY (PKCS#8)
//   privateDER(jwk)      the same, as bytes
//   readDER(bytes)       {form, members} of an RSA key: form is "public", "private" or
//                        "certificate", members those of a JWK. Of anything else
//                        {refused}: what it is, or "" for nothing that is known.
//
// Numbers go in and come out in base64url, as in a JWK.

import {base64, base64url, loose64} from "/static/js/keys/text.js";

const INTEGER = 0x02, BITS = 0x03, BYTES = 0x04, NULL = 0x05, NAME = 0x06, SEQUENCE = 0x30;

// The public exponent, 65537, is the same in all keys here.
const exponent = "AQAB";

// The order of the numbers in PKCS#1, after a version number.
const order = ["n", "e", "d", "p", "q", "dp", "dq", "qi"];

// The names of algorithms, in hexadecimal.
const names = {rsa: "2a864886f70d010101", pkcs5: "2a864886f70d0105", pkcs12: "2a864886f70d010c"};

export const publicPEM = ({n}) => pem("PUBLIC KEY", publicDER(n));

export const privatePEM = (jwk) => pem("PRIVATE KEY", privateDER(jwk));

function publicDER(n) {
  return element(SEQUENCE, algorithm(), element(BITS, [0], element(SEQUENCE, integer(n), integer(exponent))));
}

export function privateDER(jwk) {
  const pkcs1 = element(SEQUENCE, [INTEGER, 1, 0], ...order.map((name) => integer(jwk[name])));
  return element(SEQUENCE, [INTEGER, 1, 0], algorithm(), element(BYTES, pkcs1));
}

function pem(label, der) {
  return `-----BEGIN ${label}-----\n${base64(der).replace(/.{1,64}/g, "$&\n")}-----END ${label}-----\n`;
}

function element(tag, ...contents) {
  const content = contents.flatMap((c) => [...c]);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Uint8Array.from([tag, ...length, ...content]);
}

// A number has no zero bytes in front, but for one that says it is not negative.
function integer(text) {
  const bytes = withoutZeros(loose64(text));
  return element(INTEGER, bytes[0] >= 0x80 ? [0] : [], bytes);
}

function withoutZeros(bytes) {
  const first = bytes.findIndex((b) => b !== 0);
  return first < 0 ? bytes.slice(-1) : bytes.slice(first);
}

const algorithm = () => element(SEQUENCE, element(NAME, names.rsa.match(/../g).map((h) => parseInt(h, 16))), [NULL, 0]);

export function readDER(bytes) {
  try {
    const [whole, ...more] = elements(bytes);
    return whole.tag === SEQUENCE && more.length === 0 ? recognise(elements(whole.content)) : {refused: ""};
  } catch {
    return {refused: ""};
  }
}

// Tells the forms apart by what lies in them: i is a number, s a sequence, b a
// string of bits, o one of bytes.
function recognise(parts) {
  const shape = parts.map((p) => ({[INTEGER]: "i", [SEQUENCE]: "s", [BITS]: "b", [BYTES]: "o"})[p.tag] ?? "x").join("");
  switch (true) {
    case shape === "ii": // PKCS#1
      return rsa("public", ["n", "e"], parts);
    case shape === "sb":
      return algorithmOf(parts[0]) === names.rsa ? rsa("public", ["n", "e"], inside(parts[1].content.slice(1))) : {refused: "not-rsa"};
    case shape === "ssb":
      return certificate(elements(parts[0].content));
    case /^i{9}$/.test(shape): // PKCS#1
      return rsa("private", order, parts.slice(1));
    case shape.startsWith("iso"): // PKCS#8
      return algorithmOf(parts[1]) === names.rsa ? rsa("private", order, inside(parts[2].content).slice(1)) : {refused: "private-not-rsa"};
    case shape.startsWith("io"): // SEC 1, a key on a curve
      return {refused: "private-not-rsa"};
    case shape === "so" && [names.pkcs5, names.pkcs12].some((name) => algorithmOf(parts[0]).startsWith(name)):
      return {refused: "private-encrypted"};
    case shape.startsWith("is") && parts[0].content[0] === 3:
      return {refused: "pkcs12"};
  }
  return {refused: ""};
}

// The public key of a certificate is the sixth of its parts, after an optional
// version number.
function certificate(parts) {
  const key = parts.filter((p) => p.tag !== 0xa0)[5];
  const found = recognise(elements(key.content));
  return found.form === "public" ? {...found, form: "certificate"} : found;
}

function rsa(form, wanted, numbers) {
  if (numbers.length < wanted.length) return {refused: ""};
  const members = {kty: "RSA"};
  wanted.forEach((name, i) => {
    members[name] = base64url(withoutZeros(numbers[i].content));
  });
  return {form, members};
}

const algorithmOf = (sequence) => Array.from(elements(sequence.content)[0].content, (b) => b.toString(16).padStart(2, "0")).join("");

// The elements of the one sequence that the bytes are.
const inside = (bytes) => elements(elements(bytes)[0].content);

// Takes bytes apart into elements; throws where they end too early.
function elements(bytes) {
  const all = [];
  for (let at = 0; at < bytes.length;) {
    const tag = bytes[at++];
    let size = bytes[at++];
    if (size >= 0x80) {
      let octets = size - 0x80;
      if (octets < 1 || octets > 3) throw new RangeError("a length that cannot be");
      for (size = 0; octets > 0; octets--) size = size * 256 + bytes[at++];
    }
    if (!(at + size <= bytes.length)) throw new RangeError("the end is missing");
    all.push({tag, content: bytes.slice(at, at + size)});
    at += size;
  }
  return all;
}
