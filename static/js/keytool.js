// The page /tools/key. It makes, reads and converts keys with the modules in keys/,
// and sends nothing: there is no call in it that could. A key is in this page's
// memory until it is forgotten or the page is left.
import {defaultKid, kidFits} from "/static/js/keys/kid.js";
import {canMakeKeys, makeKey} from "/static/js/keys/make.js";
import {isPrivateKind, readKey} from "/static/js/keys/read.js";

const by = (id) => document.getElementById(id);
const forms = ["publicJWK", "publicArray", "publicSet", "publicPEM", "publicEncoded"];
const secretForms = ["privateEncoded", "privateJWK", "privatePEM"];

let key = null;

// Without encryption in the browser the page stays as it is without scripts.
if (canMakeKeys) {
  by("commands").hidden = true;
  by("keytool").hidden = false;
}

// Words come from the page, in the reader's language.
function word(name, fill) {
  let text = by("words").content.querySelector(`[data-word="${name}"]`).textContent;
  for (const [place, value] of Object.entries(fill)) text = text.replace(`{${place}}`, value);
  return text;
}

const say = (what) => { by("said").textContent = what ? by("said").dataset[what] : ""; };

// Making.
async function make() {
  const button = by("make");
  if (button.getAttribute("aria-busy") === "true") return;
  forget();
  button.setAttribute("aria-busy", "true");
  say("making");
  const bits = Number(document.querySelector("[name=bits]:checked").value);
  const kid = (thumbprint) => defaultKid(by("name").value, "", new Date(), thumbprint);
  const made = await makeKey({bits, kid}).finally(() => button.removeAttribute("aria-busy"));
  say("");
  judge("success", by("result-text").dataset.made, []);
  show(made);
}
by("make").addEventListener("click", make);
by("name").addEventListener("keydown", (event) => {
  if (event.key === "Enter") make();
});

// Reading: from a file, from the clipboard, or dropped on the page.
async function read(textOrBytes) {
  forget();
  const {kind, key: found, keys, remarks, bits} = await readKey(textOrBytes);
  const told = remarks.map(({code, value}) => word(value ? `read-${code}` : `read-${code}-bare`, {value}));
  const good = ["public", "publics", "private", "privates"].includes(kind);
  judge(good ? "success" : isPrivateKind(kind) ? "danger" : "warning", word(`kind-${kind}`, {bits}), told);
  const one = found ?? (keys.length === 1 ? keys[0] : null);
  if (one) show(one);
  else choose(keys);
}

// A file much longer than any key is not read to its end.
const readFile = async (file) => { if (file) read(await file.slice(0, 1 << 20).arrayBuffer()); };

by("file").addEventListener("change", async () => {
  const [file] = by("file").files;
  await readFile(file);
  by("file").value = "";
});
by("paste").hidden = !navigator.clipboard?.readText;
by("paste").addEventListener("click", async () => {
  let text;
  try {
    text = await navigator.clipboard.readText();
  } catch {
    say("clipboard");
    return;
  }
  read(text);
});
addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text");
  // A name or a kid may be pasted into its field; a key never lands in one.
  if (event.target.matches?.("input") && text.length <= 64) return;
  event.preventDefault();
  if (event.clipboardData.files.length > 0) readFile(event.clipboardData.files[0]);
  else read(text);
});
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  // Else the browser would open the file in place of the page.
  event.preventDefault();
  const {files} = event.dataTransfer;
  if (files.length > 0) readFile(files[0]);
  else read(event.dataTransfer.getData("text"));
});

// Showing.
function judge(colour, text, told) {
  by("verdict").dataset.color = colour;
  by("result-text").textContent = text;
  by("remarks").replaceChildren(...told.map((remark) => withText("li", remark)));
  by("remarks").hidden = told.length === 0;
  by("result").hidden = false;
  by("result").focus({preventScroll: true});
  by("result").scrollIntoView({block: "start"});
}

function withText(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}

// Of several keys the reader chooses one.
function choose(keys) {
  by("several").hidden = keys.length === 0;
  by("several").replaceChildren(...keys.map((one) => {
    const button = withText("button", one.kid || one.thumbprint);
    Object.assign(button, {type: "button", className: "ds-button", translate: false});
    Object.assign(button.dataset, {variant: "secondary", size: "sm"});
    button.addEventListener("click", () => show(one));
    return button;
  }));
}

function show(one) {
  key = one;
  by("key").hidden = false;
  by("fact-kid").textContent = key.kid || by("fact-kid").dataset.none;
  by("fact-size").textContent = by("fact-size").dataset.words.replace("{bits}", key.bits);
  by("fact-thumbprint").textContent = key.thumbprint;
  by("kid").value = key.kid;
  for (const form of forms) by(form).textContent = key[form]();
  by("private").hidden = !key.isPrivate;
  unfold(false);
}

// The private forms stand in the page only while the reader has asked for them.
const words = by("show").textContent;
function unfold(open) {
  for (const form of secretForms) by(form).textContent = open ? key[form]() : "";
  by("private-forms").hidden = !open;
  by("show").setAttribute("aria-expanded", String(open));
  by("show").textContent = open ? by("show").dataset.hide : words;
}
by("show").addEventListener("click", () => unfold(by("private-forms").hidden));

function rename() {
  const kid = by("kid").value.trim();
  const fits = kidFits(kid);
  by("kid").setAttribute("aria-invalid", String(!fits));
  say(fits ? "kid" : "unfit");
  if (fits) show(key.withKid(kid));
}
by("rename").addEventListener("click", rename);
by("kid").addEventListener("keydown", (event) => {
  if (event.key === "Enter") rename();
});

// Saving: the browser takes the file out of the page's memory.
for (const button of document.querySelectorAll("[data-form]")) {
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([key[button.dataset.form]()], {type: "application/octet-stream"}));
    const link = Object.assign(document.createElement("a"), {href: address, download: button.dataset.file});
    link.click();
    URL.revokeObjectURL(address);
  });
}

// Forgetting: nothing of the key stays in the page.
function forget() {
  unfold(false);
  key = null;
  for (const form of forms) by(form).textContent = "";
  for (const id of ["fact-kid", "fact-size", "fact-thumbprint", "result-text"]) by(id).textContent = "";
  by("kid").value = "";
  by("kid").setAttribute("aria-invalid", "false");
  by("remarks").replaceChildren();
  choose([]);
  by("key").hidden = by("private").hidden = by("result").hidden = true;
  say("");
}
by("forget").addEventListener("click", () => {
  forget();
  say("forgotten");
});
// A browser may keep a page that was left, for the way back.
addEventListener("pagehide", forget);
