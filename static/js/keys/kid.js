// The id of a key, kid: which are allowed, and the one that is proposed.
//
//   kidFits(kid)    whether it is 1 to 64 characters of A–Z, a–z, 0–9, ".", "_", "-"
//   defaultKid(name, environment, date, thumbprint)
//                   "<name>-<environment>-<yyyymmdd>-<first 8 of the thumbprint>";
//                   name and environment may be ""
//
// The server has the same rules, in jwk/kid.go. One table tests both:
// jwk/testdata/rules.json.

const longest = 64;

export const kidFits = (kid) => typeof kid === "string" && /^[A-Za-z0-9._-]{1,64}$/.test(kid);

export function defaultKid(name, environment, date, thumbprint) {
  const first = thumbprint.slice(0, 8);
  const day = date.toISOString().slice(0, 10).replaceAll("-", "");
  const tail = [cut(slug(environment), 16), day, kidFits(first) ? first : ""].filter(Boolean).join("-");
  const head = cut(slug(name), longest - 1 - tail.length);
  return head ? `${head}-${tail}` : cut(tail, longest);
}

// Shortens a slug and leaves no hyphen at its end.
const cut = (text, most) => text.slice(0, Math.max(most, 0)).replace(/-+$/, "");

// How letters are written in the alphabet of a kid.
const letters = {
  aa: "å", ae: "æä", oe: "øö", a: "áàâ", c: "čç", d: "đ", e: "éèêë", i: "íï", n: "ńŋñ", o: "óòôõ", s: "š", t: "ŧ", u: "üú", y: "ý", z: "ž",
};

// A name in lower-case letters and digits, with one hyphen for whatever else
// stands between them.
function slug(name) {
  // å may come as two characters: the letter and the ring.
  let text = name.toLowerCase().replaceAll("a\u030a", "aa");
  for (const [plain, others] of Object.entries(letters)) {
    for (const letter of others) text = text.replaceAll(letter, plain);
  }
  // Any other accent of its own belongs to the letter before it.
  return text.replace(/\p{Mn}/gu, "").replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
