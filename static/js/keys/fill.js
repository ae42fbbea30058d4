// Writes a private key into the places of a page that wait for one, as text.
//
//   fill(root, key)      fills every element with data-key-form in it
//   textOf(key, name)    what belongs into a file of that name; nothing for others
//
// The forms are those of the configuration blocks: encoded (base64), jwk, json (the
// same, as a value in JSON), pem, and pem-escaped (on one line).

const forms = {
  encoded: (key) => key.privateEncoded(),
  jwk: (key) => key.privateJWK(),
  json: (key) => key.privateJWK(),
  pem: (key) => key.privatePEM().trimEnd(),
  "pem-escaped": (key) => key.privatePEM().replaceAll("\n", "\\n"),
};

const files = {
  "encoded-jwk.txt": forms.encoded,
  "private-jwk.json": forms.jwk,
  "private-key.pem": (key) => key.privatePEM(),
};

export function fill(root, key) {
  for (const place of root.querySelectorAll("[data-key-form]")) {
    const indent = "\n" + " ".repeat(Number(place.dataset.indent ?? 0));
    place.textContent = forms[place.dataset.keyForm](key).replaceAll("\n", indent);
  }
}

export const textOf = (key, name) => files[name]?.(key);
