// How bytes and JSON are spelt: base64, base64url, and JSON that two readers
// cannot read in two ways.
//
//   utf8(text)            the bytes of a text
//   base64(bytes)         the standard alphabet, padded, on one line
//   base64url(bytes)      the alphabet of a JWK, without padding
//   fromBase64url(text)   the bytes, or null if it is not spelt exactly so
//   loose64(text)         the bytes of base64 of either alphabet, padded or not
//   strictJSON(text)      the value; throws if a member stands twice in an object

export const utf8 = (text) => new TextEncoder().encode(text);

export const base64 = (bytes) => btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join(""));

export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

export function fromBase64url(text) {
  const bytes = loose64(text);
  // Written again it must be the same: that refuses padding, line breaks, the
  // other alphabet, and stray bits at the end.
  return base64url(bytes) === text ? bytes : null;
}

export function loose64(text) {
  let bare = text.replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "");
  if (bare.length % 4 === 1) bare = bare.slice(0, -1);
  try {
    return Uint8Array.from(atob(bare), (c) => c.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

// The deepest that arrays and objects may lie in one another.
const deepest = 32;

export function strictJSON(text) {
  const value = JSON.parse(text);
  // Outside its texts, JSON has one colon for each member. JSON.parse keeps one of
  // two members of a name, and so has fewer members than the text has colons.
  const bare = text.replace(/"(?:[^"\\]|\\.)*"/g, "");
  let depth = 0;
  for (const c of bare) {
    if (c === "{" || c === "[") depth++;
    if (c === "}" || c === "]") depth--;
    if (depth > deepest) throw new SyntaxError("JSON that lies too deep");
  }
  if (count(value) !== bare.split(":").length - 1) throw new SyntaxError("a member stands twice");
  return value;
}

// How many members a value has, those of the objects in it included.
function count(value) {
  if (value === null || typeof value !== "object") return 0;
  const inside = Object.values(value);
  return inside.reduce((sum, v) => sum + count(v), Array.isArray(value) ? 0 : inside.length);
}
