// The journey with a key that only this page has: it is made or read here, it signs
// here, and it is written into the blocks here. The portal gets the public half, the
// signed grant, and nothing else. docs/keys-in-the-browser.md walks through it.

import "/static/js/retry.js";
import {move, post} from "/static/js/post.js";
import {canMakeKeys, makeKey} from "/static/js/keys/make.js";
import {readKey} from "/static/js/keys/read.js";
import {fill, textOf} from "/static/js/keys/fill.js";
import {checkInput, signer, signInput} from "/static/js/keys/sign.js";
import {signSaved} from "/static/js/keys/saved.js";

const form = document.getElementById("journey");

// The key that the page holds, and whether it has been taken away from here. Leaving
// the page forgets it.
let held = null, taken = false;

const $ = (id) => document.getElementById(id);
const words = () => $("hold-words").dataset;
const say = (id, text) => { if ($(id)) $(id).textContent = text; };
const fragmentOf = (address) => new URL(address).hash.slice(1);

// wire makes ready what has just come into the page.
function wire() {
  for (const e of document.querySelectorAll("[data-scripted]")) e.hidden = !canMakeKeys;
  for (const e of document.querySelectorAll("[data-manual]")) e.hidden = canMakeKeys;
  for (const e of document.querySelectorAll("[data-no-crypto]")) e.hidden = canMakeKeys;
  const choice = document.querySelector("input[name=born]:checked");
  if (canMakeKeys && !choice && $("born-browser")) $("born-browser").checked = true;
  $("rescue")?.addEventListener("change", () => rescue($("rescue").files[0]));
  $("saved-file")?.addEventListener("change", () => save($("saved-file").files[0]));
  $("vault-file")?.addEventListener("change", () => compare(read($("vault-file").files[0])));
  $("vault-paste")?.addEventListener("click", () => compare(navigator.clipboard.readText().then(readKey)));
  // The portal has said that this page is about another key now.
  if (held && form.elements.held.value !== held.thumbprint) held = null;
  if (held) {
    // Step 4 may have given the key another id.
    const kid = recorded().get(held.thumbprint);
    if (kid && kid !== held.kid) held = held.withKid(kid);
    fill(document, held);
  }
}

// recorded are the ids of the keys on record, by thumbprint.
const recorded = () => new Map(words().keys.split("\n").filter(Boolean).map((line) => line.split(" ")));

const read = async (file) => readKey(new Uint8Array(await file.arrayBuffer()));

// What a button does here, or nothing when it may do what it does without scripts.
function actionOf(button) {
  // A button without an address of its own would answer with the page's.
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const path = new URL(address).pathname;
  const makes = canMakeKeys && $("born-browser")?.checked;
  // Enter in a field of step 2 makes a key, as the button does.
  if (path.endsWith("/next") && makes && recorded().size === 0 && document.activeElement?.closest("#key")) {
    return () => make(address.replace("/next", "/keys"));
  }
  if (path.endsWith("/keys") && makes) return () => make(address);
  if (button?.dataset.sign === "held" && held) return () => prove(held, address);
  if (button?.dataset.sign === "file" && canMakeKeys && $("file").files.length > 0) return () => proveFile(address);
  if (!held) return null;
  if (path.includes("/files/")) return () => download(button, path.split("/").pop());
  return () => send(address, {button, files: path.endsWith("/keys/own") ? ["own_file"] : []});
}

form.addEventListener("submit", (event) => {
  const act = actionOf(event.submitter);
  if (!act) return;
  event.preventDefault();
  const button = event.submitter, label = button?.textContent;
  if (button) button.setAttribute("aria-busy", "true");
  act().catch(failed).finally(() => {
    if (!button?.isConnected) return;
    button.removeAttribute("aria-busy");
    button.textContent = label;
  });
});

function failed() {
  say("born-answer", "");
  say("hold-answer", words().failed);
  $("hold-answer").scrollIntoView({block: "center"});
}

// send posts the form and moves the answer in. The answer of somebody who is signed
// out is another page: then this one stays as it is.
async function send(address, how) {
  const answer = await post(form, address, how);
  if (!answer.same) {
    say("hold-answer", words().lost);
    $("hold-answer").scrollIntoView({block: "center"});
    return null;
  }
  move(answer.page, fragmentOf(address));
  return answer.page;
}

// make makes a key and sends its public half, without an id: the server gives it one,
// or says what is wrong with the one that was typed.
async function make(address) {
  say("born-answer", words().making);
  const bits = Number(document.querySelector("input[name=bits]:checked")?.value ?? 2048);
  await take(await makeKey({bits}), address, {born: "browser", own_kid: ""});
}

// take lets the page hold a key whose public half goes on record.
async function take(key, address, add) {
  const before = held;
  held = key;
  const {kty, use, alg, n, e} = JSON.parse(key.publicJWK());
  const own = JSON.stringify({kty, use, alg, n, e});
  const page = await send(address.replace(/\/keys(\/own)?(?=#|$)/, "/keys/own"), {add: {...add, own, making: key.thumbprint}});
  if (page && recorded().has(key.thumbprint)) taken = false;
  else held = before;
  wire();
}

// rescue turns a private key in PEM and the id that Samarbeidsportalen gave it into
// the forms that programs want.
async function rescue(file) {
  const {kind, key} = await read(file);
  if (kind !== "private") return say("rescue-answer", kind === "public" ? words().public : words().none);
  const kid = recorded().get(key.thumbprint) ?? ($("own_kid").value.trim() || key.kid);
  if (!kid) return say("rescue-answer", words().kidMissing);
  const button = document.querySelector("#own-key button[formaction]");
  await take(key, button.formAction, {born: "", own_kid: kid});
  if ($("rescue-answer")) say("rescue-answer", held === null ? "" : words().rescued);
}

// prove asks for a grant, looks at it, signs it and sends it.
async function prove(key, address) {
  const expected = expectation(key);
  const answer = await send(address, {add: {signer: key.thumbprint}, drop: ["file", "prepared", "grant"]});
  const prepared = answer && ask(answer);
  if (!prepared) return;
  const code = checkInput(prepared.input, {...expected, kid: recorded().get(key.thumbprint)});
  if (code) return say("hold-answer", words().tampered.replace("{what}", code));
  const grant = await signInput(await signer(key), prepared.input);
  await send(address.replace("/prepare", "/finish"), {add: {prepared: prepared.id, grant}, drop: ["file"]});
}

// ask takes the text to be signed out of the page, where only a reader without
// scripts has a use for it.
function ask() {
  const box = $("prepared");
  const asked = box && {id: box.dataset.id, input: box.dataset.input};
  box?.remove();
  return asked;
}

// expectation is what a grant must say, as it stands in this page before the server
// has answered.
function expectation(key) {
  const scopes = [...document.querySelectorAll("input[name=asked]")].filter((box) => box.checked).map((box) => box.value);
  return {
    audience: words().audience, clientId: $("client_id").value.trim(), alg: key.alg, scopes,
    consumerOrg: $("consumer_org").value.replace(/^\s*0192:/, "").replace(/\D/g, ""), resource: $("resource").value.trim(),
  };
}

// proveFile proves with the key in the chosen file, which is read here and not sent.
async function proveFile(address) {
  const {kind, key} = await read($("file").files[0]);
  if (kind !== "private" || !recorded().has(key.thumbprint)) {
    const other = kind === "private" ? words().other.replace("{thumbprint}", key.thumbprint) : kind === "public" ? words().public : words().none;
    return say("hold-answer", other);
  }
  await prove(key, address.replace(/\/proofs(?=#|$)/, "/proofs/prepare"));
}

// save shows that a saved file has the key: it signs a text of the server's.
async function save(file) {
  const {kind, key} = await read(file);
  if (kind !== "private") return say("saved-answer", kind === "public" ? words().public : words().none);
  const current = words().keys.split(" ")[0];
  if (key.thumbprint !== current) return say("saved-answer", words().other.replace("{thumbprint}", key.thumbprint));
  const signature = await signSaved(key, $("saved-file").dataset.text);
  const page = await send($("saved-send").formAction, {add: {signature}});
  if (page && held?.thumbprint === current) taken = true;
}

// compare tells whether a secret is one of the keys on record. Nothing is sent.
async function compare(reading) {
  const {kind, key} = await reading.catch(() => ({kind: "text"}));
  if (kind !== "private") return say("vault-answer", kind === "public" ? words().public : words().none);
  const kid = recorded().get(key.thumbprint);
  say("vault-answer", kid ? words().right.replace("{kid}", kid) : words().other.replace("{thumbprint}", key.thumbprint));
}

// download makes a file of what stands in the page, for the portal does not have it.
async function download(button, name) {
  const text = textOf(held, name) ?? button.closest("[data-recipe]")?.querySelector("pre")?.textContent ?? $("public-array").textContent;
  const address = URL.createObjectURL(new Blob([text], {type: "application/octet-stream"}));
  const link = document.createElement("a");
  link.href = address;
  link.download = decodeURIComponent(name);
  link.click();
  URL.revokeObjectURL(address);
  taken = true;
}

addEventListener("beforeunload", (event) => {
  if (held && !taken) event.preventDefault();
});
document.addEventListener("portvakt-moved", wire);
// A test that is repeated by itself is signed here too.
document.addEventListener("portvakt-retry", (event) => {
  if (!held) return;
  event.preventDefault();
  prove(held, document.querySelector("#prove [data-sign=held]").formAction).catch(failed);
});
wire();
