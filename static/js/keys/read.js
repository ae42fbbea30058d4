// Reads a key in whatever form it was pasted or saved, and says what it was.
//
//   readKey(textOrBytes)   a promise of {kind, key, keys, remarks, bits}
//     kind     one of kinds: what the text really is
//     key      the Key (jwk.js): of kind "private" the pair, of kind "public" the
//              public half; otherwise null
//     keys     all public halves that could be read
//     remarks  what was forgiven on the way: [{code, value}], code one of readCodes;
//              value is never a piece of what was pasted
//     bits     the size of a key whose size is not accepted, or 0
//   isPrivateKind(kind)    whether it is, or has in it, private key material
//
// The server reads the same way, in jwk/recognise.go and the files beside it. One
// table tests both: jwk/testdata/rules.json.

import {base64url, fromBase64url, loose64, strictJSON, utf8} from "/static/js/keys/text.js";
import {readDER} from "/static/js/keys/pem.js";
import {bitsOf, gate, gatePrivate, keyOf, Refused} from "/static/js/keys/jwk.js";
import {mend} from "/static/js/keys/mend.js";
import {derStart, leaks, privateStart, unmarked} from "/static/js/keys/look.js";

const privateKinds = [
  "private", "privates", "private-broken", "private-not-rsa", "private-size", "private-encrypted", "private-openssh", "pkcs12",
];

export const kinds = [
  "empty", "public", "publics", "not-rsa", "symmetric", "too-small", "too-large", "exponent", "weak", "use", "alg", "kid",
  "truncated", "malformed", "html", "token", "too-long", "text", ...privateKinds,
];

export const readCodes = [
  "bom", "utf16", "quotes", "breaks", "commas", "comments", "values", "base64", "base64url", "array", "jwks", "settings", "pem",
  "pkcs1", "der", "certificate", "ssh", "use-missing", "alg-missing", "kid-missing",
];

export const isPrivateKind = (kind) => privateKinds.includes(kind);

// The most that is read; a private key of 4096 bits in base64 takes a quarter.
const longest = 16 << 10;
// How many texts within one paste are looked into, how deep they may be wrapped in
// one another, and the shortest that may be a key.
const mostTexts = 64, deepest = 6, shortest = 40;

export async function readKey(textOrBytes) {
  const bytes = typeof textOrBytes === "string" ? utf8(textOrBytes) : new Uint8Array(textOrBytes);
  const nothing = {key: null, keys: [], remarks: [], bits: 0};
  if (bytes.length > longest) return {...nothing, kind: leaks(bytes) ? "private-broken" : "too-long"};
  const seeker = new Seeker();
  seeker.text(bytes, deepest);
  const kind = kindOf(seeker, bytes);
  const [publics, halves] = await Promise.all([seeker.publics, seeker.halves].map((all) => Promise.all(all.map(keyOf))));
  const keys = isPrivateKind(kind) ? halves : publics;
  const named = (n) => [...publics, ...halves].find((k) => k.n === n).thumbprint;
  const remarks = seeker.remarks.map(({code, value}) => ({code, value: code === "kid-missing" ? named(value) : value}));
  const key = kind === "private" ? await keyOf(seeker.privates[0]) : kind === "public" ? keys[0] : null;
  return {kind, key, keys, remarks, bits: seeker.bits};
}

// Private before all else, then keys, then what is wrong.
function kindOf(seeker, bytes) {
  const {privates, publics, wrong} = seeker;
  if (privates.length > 0 || wrong.some(isPrivateKind) || leaks(bytes)) {
    if (privates.length > 0) return privates.length > 1 ? "privates" : "private";
    return wrong.find(isPrivateKind) ?? "private-broken";
  }
  if (publics.length > 0) return publics.length > 1 ? "publics" : "public";
  if (wrong.length > 0) return wrong[0];
  if (unmarked(bytes).text === "") return "empty";
  return seeker.shaped ? "malformed" : "text";
}

// Looks for keys in a text, layer by layer, and keeps what it found.
class Seeker {
  publics = []; privates = []; halves = []; // members of JWKs; halves are public ones of private keys
  wrong = [];
  remarks = [];
  bits = 0;
  shaped = false; // something had the shape of a key
  left = mostTexts;

  get found() { return this.publics.length + this.privates.length + this.halves.length + this.wrong.length; }

  remark(code, value = "") {
    if (!this.remarks.some((r) => r.code === code)) this.remarks.push({code, value});
  }

  // Looks within a wrapping. Its remarks stand only if something was found.
  try(look, ...remarks) {
    const {found, remarks: before} = this;
    this.remarks = [...before];
    for (const [code, value] of remarks) this.remark(code, value);
    look();
    if (this.found > found) return true;
    this.remarks = before;
    return false;
  }

  text(bytes, layers) {
    if (layers < 0 || --this.left < 0 || this.der(bytes)) return;
    const {text, how} = unmarked(bytes);
    if (text) this.try(() => this.clean(text, layers), ...how.map((code) => [code]));
  }

  clean(text, layers) {
    if (/^<(?:!doctype html|html|head|body)\b/i.test(text)) this.wrong.push("html");
    else if (text[0] === "{" || text[0] === "[") this.json(text, layers);
    else if (pemLine.test(text)) this.pem(text);
    else if (/^(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\S+) +AAAA/.test(text)) this.ssh(text);
    else if (/^eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*$/.test(text)) this.wrong.push("token");
    else this.quoted(text, layers) || this.encoded(text, layers) || this.settings(text, layers) || this.embedded(text, layers);
  }

  json(text, layers) {
    this.shaped = true;
    let value = parsed(text), how = [], open = false;
    if (value === undefined) {
      const mended = mend(text);
      ({how, open} = mended);
      value = parsed(mended.text);
    }
    if (value !== undefined) this.try(() => this.value(value, layers), ...how.map((code) => [code]));
    else if (pemLine.test(text)) this.pem(text);
    else if (!this.settings(text, layers)) this.wrong.push(open ? "truncated" : "malformed");
  }

  // A JSON value: a key, a list or a set of keys, or settings with a key in them.
  value(value, layers) {
    const list = (items) => items.forEach((item) => this.value(item, layers));
    if (typeof value === "string") {
      if (value.length >= shortest) this.text(utf8(value), layers - 1);
    } else if (Array.isArray(value)) {
      this.try(() => list(value), ["array"]);
    } else if (value && typeof value === "object") {
      if (value.kty != null) this.key(value);
      else if (Array.isArray(value.keys)) this.try(() => list(value.keys), ["jwks"]);
      else for (const name of Object.keys(value).sort()) this.setting(name, value[name], layers);
    }
  }

  setting(name, value, layers) {
    if (layers < 0 || this.left < 0) return;
    this.try(() => this.value(value, layers - 1), ["settings", knownSetting(name)]);
  }

  // A text in quotation marks, which may be a JSON string.
  quoted(text, layers) {
    const bare = text.replace(/^[,;\s]+|[,;\s]+$/g, "");
    const inner = bare.replace(/^["'`“”„‟‘’‚«»]+|["'`“”„‟‘’‚«»]+$/g, "");
    if (!inner || bare.startsWith(inner)) return false;
    const string = parsed(bare);
    return this.try(() => this.text(utf8(typeof string === "string" ? string : inner), layers - 1), ["quotes"]);
  }

  // Base64 of either alphabet, in lines or not.
  encoded(text, layers) {
    const unbroken = text.replace(/\s/g, "");
    if (unbroken.length < shortest || !/^[\w+/-]+=*$/.test(unbroken)) return false;
    const inner = loose64(unbroken);
    if (!unmarked(inner).valid && !derStart(inner)) return false;
    const how = [[/[-_]/.test(unbroken) ? "base64url" : "base64"], ...(unbroken.length < text.length ? [["breaks"]] : [])];
    return this.try(() => this.text(inner, layers - 1), ...how);
  }

  // Lines like NAME=value: an .env file, YAML, an ini file, code.
  settings(text, layers) {
    const {found} = this;
    const line = /^\s*(?:export\s+|set\s+|-\s+)?["']?([A-Za-z_][\w.:-]*?)["']?\s*[=:]\s*(\S.*?)[,;]?\s*$/gm;
    for (const [, name, value] of [...text.matchAll(line)].slice(0, mostTexts)) {
      if (value.length < shortest) continue;
      this.try(() => this.text(utf8(value.replace(/^["']+|["']+$/g, "")), layers - 1), ["settings", knownSetting(name)]);
    }
    return this.found > found;
  }

  // What stands in curly brackets in the middle of a text.
  embedded(text, layers) {
    const start = text.indexOf("{"), end = text.lastIndexOf("}");
    if (start < 0 || end < start) return false;
    const wrong = [...this.wrong];
    const found = this.try(() => this.json(text.slice(start, end + 1), layers - 1), ["settings"]);
    if (this.publics.length + this.privates.length + this.halves.length > 0) return found;
    // Brackets in a sentence are no broken key.
    this.wrong = wrong;
    this.shaped = false;
    return false;
  }

  // The PEM blocks in a text, whatever stands around them and whether or not their
  // lines were kept.
  pem(text) {
    this.shaped = true;
    if (text.includes("\\n")) {
      text = text.replaceAll("\\r", "").replaceAll("\\n", "\n");
      this.remark("breaks");
    }
    for (let begin; --this.left >= 0 && (begin = pemLine.exec(text));) {
      const label = begin[1];
      if (/[–—]/.test(begin[0])) this.remark("quotes");
      text = text.slice(begin.index + begin[0].length);
      const end = pemEnd.exec(text);
      if (!end) {
        this.wrong.push(label.includes("PRIVATE") ? "private-broken" : "truncated");
        return;
      }
      this.block(label, text.slice(0, end.index));
      text = text.slice(end.index + end[0].length);
    }
  }

  block(label, body) {
    if (label === "OPENSSH PRIVATE KEY") this.wrong.push("private-openssh");
    else if (body.includes("ENCRYPTED")) this.wrong.push("private-encrypted");
    else {
      const der = loose64(body.replace(/^[A-Za-z-]+: .*$/gm, "").replace(/[^A-Za-z0-9+/]/g, ""));
      const how = {"RSA PUBLIC KEY": "pkcs1", CERTIFICATE: "certificate"}[label] ?? "pem";
      if (!this.try(() => this.parts(der), [how])) this.wrong.push(label.includes("PRIVATE") ? "private-broken" : "malformed");
    }
  }

  // A key in its binary form.
  der(bytes) { return derStart(bytes) && this.try(() => this.parts(bytes), ["der"]); }

  parts(der) {
    const {form, members, refused} = readDER(der);
    if (form === "private") this.pair(members);
    else if (form) {
      if (form === "certificate") this.remark("certificate");
      this.numbers(members);
    } else if (refused) this.wrong.push(refused);
    else if (privateStart(der)) this.wrong.push("private-broken");
  }

  // A key that says nothing of itself but its numbers.
  numbers(members) {
    this.judged(members, (jwk) => {
      this.remark("kid-missing", jwk.n);
      this.add(jwk);
    });
  }

  // A public key as SSH writes it: a name, the exponent, the modulus.
  ssh(text) {
    this.shaped = true;
    const [name, body] = text.split(/\s+/);
    if (name !== "ssh-rsa") return void this.wrong.push("not-rsa");
    const blob = loose64(body), fields = [];
    for (let at = 0; fields.length < 3;) {
      const size = at + 4 <= blob.length ? new DataView(blob.buffer).getUint32(at) : Infinity;
      if (at + 4 + size > blob.length) return void this.wrong.push("truncated");
      fields.push(blob.slice(at + 4, at + 4 + size));
      at += 4 + size;
    }
    this.remark("ssh");
    this.numbers(this.canonical({kty: "RSA", e: base64url(fields[1]), n: base64url(fields[2])}, true));
  }

  // The members of a JWK.
  key(members) {
    this.shaped = true;
    if (--this.left < 0) return;
    const secret = Object.entries(members).filter(([name, value]) => isSecret(name) && value != null);
    const open = Object.fromEntries(Object.entries(members).filter(([name, value]) => !isSecret(name) || value == null));
    const kty = typeof members.kty === "string" ? members.kty.toUpperCase() : "";
    if (kty !== "RSA") this.wrong.push(secret.length > 0 ? "private-not-rsa" : kty === "OCT" ? "symmetric" : "not-rsa");
    else if (secret.length > 0) this.pair(members, open);
    else this.open(open);
  }

  // A public RSA key, and what it lacks.
  open(members) {
    const written = this.canonical(members);
    this.judged(written, (jwk) => {
      if (written.use == null) this.remark("use-missing", "sig");
      if (written.alg == null) this.remark("alg-missing", "RS256");
      if (!jwk.kid) this.remark("kid-missing", jwk.n);
      this.add(jwk);
    });
  }

  judged(members, then) {
    const {jwk, refused} = judge(gate, members);
    if (jwk) return void then(jwk);
    this.wrong.push(refused);
    if (sizeKinds.includes(refused)) this.bits = bitsOf(members.n);
  }

  add(jwk) {
    if (!this.publics.some((k) => JSON.stringify(k) === JSON.stringify(jwk))) this.publics.push(jwk);
  }

  // A private RSA key. Of a broken one the public half may be whole.
  pair(members, open = members) {
    const before = this.remarks;
    this.remarks = [...before];
    const {jwk} = judge(gatePrivate, this.canonical(members));
    if (!jwk) this.remarks = before;
    const half = judge(gate, this.canonical(open, Boolean(jwk)));
    if (jwk) return void this.addPair(jwk, half.jwk);
    if (half.jwk) this.halves.push(half.jwk);
    const size = sizeKinds.includes(half.refused);
    if (size) this.bits = bitsOf(this.canonical(open, true).n);
    this.wrong.push(size ? "private-size" : "private-broken");
  }

  // Each pair once; one with a kid before one without.
  addPair(jwk, half) {
    const at = this.privates.findIndex((k) => k.n === jwk.n);
    if (at < 0) {
      this.privates.push(jwk);
      this.halves.push(half);
    } else if (!this.privates[at].kid) {
      this.privates[at] = jwk;
      this.halves[this.halves.findIndex((k) => k.n === jwk.n)] = half;
    }
  }

  // The numbers as they should be written: without line breaks, in base64url without
  // padding, without a zero byte before a modulus.
  canonical(members, quietly = false) {
    const out = {...members};
    if (typeof out.kty === "string" && out.kty.toUpperCase() === "RSA") out.kty = "RSA";
    for (const [name, value] of Object.entries(members)) {
      if (typeof value !== "string" || (name !== "n" && name !== "e" && !secretMembers.includes(name))) continue;
      const unbroken = value.replace(/\s/g, "");
      let bare = unbroken.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
      const bytes = name === "n" || name === "e" ? fromBase64url(bare) : null;
      if (bytes) bare = base64url(bytes.slice(bytes.findIndex((b) => b !== 0) >>> 0));
      if (unbroken !== value && !quietly) this.remark("breaks");
      if (bare !== unbroken && !quietly) this.remark("values");
      out[name] = bare;
    }
    return out;
  }
}

const sizeKinds = ["too-small", "too-large"];

// A gate's answer: the JWK, or why it was refused.
function judge(by, members) {
  try {
    return {jwk: by(members)};
  } catch (error) {
    if (error instanceof Refused) return {refused: error.code};
    throw error;
  }
}

const secretMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];
const isSecret = (name) => secretMembers.includes(name.toLowerCase());

// The lines around a PEM block, also when a word processor has made their hyphens
// into dashes.
const pemLine = /[-–—]{2,}\s*BEGIN ([A-Z0-9 ]+?)\s*[-–—]{2,}/;
const pemEnd = /[-–—]{2,}\s*END [A-Z0-9 ]+?\s*[-–—]{2,}/;

// The value that a text is in JSON, or undefined.
function parsed(text) {
  try {
    // The mark of bytes that were no text.
    return text.includes("\ufffd") ? undefined : strictJSON(text);
  } catch {
    return undefined;
  }
}

// The names under which programs keep keys: what else stands there is not
// repeated, since it may be anything.
function knownSetting(name) {
  const known = /(?:^|[_:.])(EncodedJwk|JwkBase64|EncodedX509|PrivateKey|private_key|privateJwk|private_jwk|client_jwk|MASKINPORTEN_CLIENT_JWK|jwk)$/i;
  return known.exec(name)?.[1] ?? "";
}
