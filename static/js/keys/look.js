// What a text is before anything is read in it.
//
//   unmarked(bytes)       {text, how, valid}: the text without what an editor or a shell
//                         put around it; the codes of what that was ("bom", "utf16");
//                         whether the bytes are a text at all
//   leaks(bytes)          whether private key material is in it, whole or broken, in any
//                         common form, also within base64
//   derStart(bytes)       whether they may be DER
//   privateStart(bytes)   whether they begin like a private key in DER, or like PKCS#12

import {loose64} from "/static/js/keys/text.js";

export function unmarked(bytes) {
  const how = [];
  const start = bytes[0] * 256 + bytes[1];
  let encoding = "utf-8";
  if (start === 0xfffe || start === 0xfeff) {
    encoding = start === 0xfffe ? "utf-16le" : "utf-16be";
    how.push("utf16");
  } else if (bytes.filter((b) => b === 0).length > bytes.length / 3) {
    bytes = bytes.filter((b) => b !== 0); // UTF-16 without its mark
    how.push("utf16");
  }
  let text = new TextDecoder(encoding, {ignoreBOM: true}).decode(bytes);
  if (text.startsWith("\ufeff") && how.length === 0) how.push("bom");
  text = text.replace(/^[\s\ufeff\u200b]+|\s+$/g, "");
  return {text, how, valid: !text.includes("\ufffd")};
}

// No key is shorter.
const shortest = 40;

export const derStart = (bytes) => bytes.length >= shortest && bytes[0] === 0x30;

// With a small version number, as nothing public does.
export function privateStart(der) {
  const at = der[1] < 0x80 ? 2 : 2 + der[1] - 0x80;
  return der.length >= 64 && der[0] === 0x30 && der[at] === 2 && der[at + 1] === 1 && der[at + 2] <= 3;
}

// Where this errs, it errs on the side of alarm.
export function leaks(bytes, layers = 3) {
  if (privateStart(bytes)) return true;
  const {text} = unmarked(bytes);
  const member = /["'“”„‟‘’‚«»](?:d|p|q|dp|dq|qi|oth|k)\\*["'“”„‟‘’‚«»]\s*:\s*\\*["'“”„‟‘’‚«»[]/i;
  const others = /PRIVATE\s+KEY-----|PuTTY-User-Key-File|<RSAKeyValue>.*<[DPQ]>/is;
  if (member.test(text) || others.test(text)) return true;
  if (layers === 0) return false;
  const runs = [text, text.replace(/\s/g, "")].flatMap((t) => t.match(/[\w+/-]{64,}/g) ?? []);
  return runs.map(loose64).some((inner) => (unmarked(inner).valid || privateStart(inner)) && leaks(inner, layers - 1));
}
