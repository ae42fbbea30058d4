// The journey with a key that only this page has: it is made or read here, it signs
// here, and it is written into the blocks here. The portal gets the public half, the
// signed grant, and nothing else. docs/keys-in-the-browser.md walks through it.

import "/static/js/retry.js";
import {fieldsOf, move, post} from "/static/js/post.js";
import {canMakeKeys, makeKey} from "/static/js/keys/make.js";
import {keyOf} from "/static/js/keys/jwk.js";
import {isPrivateKind, readKey} from "/static/js/keys/read.js";
import {fill, textOf} from "/static/js/keys/fill.js";
import {checkInput, signer, signInput} from "/static/js/keys/sign.js";
import {signSaved} from "/static/js/keys/saved.js";

const form = document.getElementById("journey");

// The key that the page holds, the one whose public half is on its way, whether the
// held one has been taken away from here, and whether a press is being answered.
// Leaving the page forgets them.
let held = null, coming = null, taken = false, busy = false;

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
  // A file with a private key is read here, and then no button can send it.
  if (canMakeKeys) $("file")?.removeAttribute("name");
  // The answer says which key the page is about now.
  const about = form.elements.held.value;
  if (coming?.thumbprint === about) [held, taken] = [coming, false];
  else if (held?.thumbprint !== about) held = null;
  if (held) {
    // Step 4 may have given the key another id.
    const kid = recorded().get(held.thumbprint);
    if (kid && kid !== held.kid) held = held.withKid(kid);
    fill(document, held);
  }
}

// recorded are the ids of the keys on record, by thumbprint, as a page has them.
const recorded = (page = document) => new Map(lines(page));
const lines = (page) => page.getElementById("hold-words").dataset.keys.split("\n").filter(Boolean).map((line) => line.split(" "));

// asRecorded is the key with the algorithm on record. PEM says nothing of one.
async function asRecorded(key) {
  const alg = lines(document).find(([thumbprint]) => thumbprint === key.thumbprint)?.[2];
  return !alg || alg === key.alg ? key : keyOf({...JSON.parse(key.privateJWK()), alg});
}

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
  if (path.endsWith("/keys/own") && canMakeKeys) return () => bring(button, address);
  if (!held) return null;
  if (path.includes("/files/")) return () => download(button, path.split("/").pop());
  return () => send(address, {button});
}

form.addEventListener("submit", (event) => {
  // A second press before the answer would ask for a second key, or a second test.
  if (busy) return event.preventDefault();
  const act = actionOf(event.submitter);
  if (!act) return;
  event.preventDefault();
  busy = true;
  const button = event.submitter, label = button?.textContent;
  if (button) button.setAttribute("aria-busy", "true");
  act().catch(failed).finally(() => {
    busy = false;
    if (!button?.isConnected) return;
    button.removeAttribute("aria-busy");
    button.textContent = label;
  });
});

// What is read as soon as it is chosen.
form.addEventListener("change", ({target}) => {
  const chosen = {rescue, "saved-file": save, "vault-file": (file) => compare(read(file))}[target.id];
  if (!chosen || target.files.length === 0) return;
  const file = target.files[0];
  // The same file can be chosen again, and the page keeps no way to it.
  target.value = "";
  chosen(file).catch(failed);
});
form.addEventListener("click", ({target}) => {
  if (target.id === "vault-paste") compare(navigator.clipboard.readText().then(readKey));
});

function failed() {
  say("born-answer", "");
  tell(words().failed);
}

// tell says what became of a press, where it is seen: at the test, and before there
// is one, at the making of the key.
function tell(text) {
  const place = $("hold-answer") ?? $("born-answer");
  place.textContent = text;
  for (let fold = place.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place.scrollIntoView({block: "center"});
}

// send posts the form and moves the answer in.
async function send(address, how) {
  return arrive(await post(form, address, how), fragmentOf(address));
}

// arrive moves an answer in. That of somebody who is signed out is another page:
// then this one stays as it is.
function arrive(answer, fragment) {
  if (!answer.same) {
    tell(answer.status === 401 ? words().lost : words().failed);
    return null;
  }
  move(answer.page, fragment);
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
  coming = key;
  const {kty, use, alg, n, e} = JSON.parse(key.publicJWK());
  const own = JSON.stringify({kty, use, alg, n, e});
  try {
    await send(address.replace(/\/keys(\/own)?(?=#|$)/, "/keys/own"), {add: {...add, own, making: key.thumbprint}});
  } finally {
    coming = null;
  }
}

// bring puts a public key from elsewhere on record. What turns out to be private is
// not sent.
async function bring(button, address) {
  const file = $("own-file").files[0];
  const {kind, key} = await (file ? read(file) : readKey($("own").value));
  if (isPrivateKind(kind)) {
    $("own").value = $("own-file").value = "";
    return say("own-answer", words().leak);
  }
  const own = file && (key?.publicJWK() ?? await file.text());
  await send(address, {button, add: file ? {own} : {}});
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
  if (held?.thumbprint === key.thumbprint) say("held-answer", words().rescued);
}

// prove tests with a key, as a press of the button does without scripts.
async function prove(key, address) {
  const answer = await signed(key, address);
  if (answer) arrive(answer, fragmentOf(address));
}

// signed asks for a grant, looks at it, signs it and sends it. It promises the last
// answer: that to the asking if the test ended there, and none if the grant is not
// the one that was asked for.
async function signed(given, address, how = {}) {
  const key = await asRecorded(given);
  const expected = expectation(key, fieldsOf(form, how));
  const answer = await post(form, address, {...how, add: {signer: key.thumbprint}, drop: ["file", "prepared", "grant"]});
  const asked = answer.page?.getElementById("prepared");
  if (!answer.same || !asked) return answer;
  // What was typed is on record now, as the portal read it.
  const {client_id: id, version} = answer.page.getElementById("journey").elements;
  const clientId = sameClient(expected.clientId, id.value) ? id.value : expected.clientId;
  const kid = recorded(answer.page).get(key.thumbprint);
  const code = checkInput(asked.dataset.input, {...expected, clientId, kid});
  if (code) return tell(words().tampered.replace("{what}", code));
  say("hold-answer", words().signing.replace("{audience}", expected.audience).replace("{client}", clientId).replace("{scopes}", expected.scopes.join(" ")));
  const grant = await signInput(await signer(key), asked.dataset.input);
  return post(form, address.replace("/prepare", "/finish"), {
    ...how, add: {prepared: asked.dataset.id, grant, version: version.value}, drop: ["file"],
  });
}

// sameClient tells whether the portal read the client id that was typed: the text
// itself, or the last UUID in it, as in the address of the client's page.
function sameClient(typed, read) {
  const last = typed.match(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi)?.pop();
  return read !== "" && (read === typed || read.toLowerCase() === last?.toLowerCase());
}

// The issuers of the real environments. Practice is never for one of them, and in
// their place there may only be one on this machine.
const issuers = {test: "https://test.maskinporten.no/", prod: "https://maskinporten.no/"};

function audience() {
  const {environment, audience: told} = words();
  const here = ["127.0.0.1", "[::1]"].includes(new URL(told).hostname);
  if (environment === "sandbox") return Object.values(issuers).includes(told) ? "" : told;
  return here ? told : issuers[environment];
}

// expectation is what a grant must say, as it stood in this page before the server
// answered.
function expectation(key, fields) {
  const text = (name) => (fields.get(name) ?? "").trim();
  return {
    audience: audience(), clientId: text("client_id"), alg: key.alg, scopes: fields.getAll("asked"),
    consumerOrg: text("consumer_org").replace(/^0192:/, "").replace(/\D/g, ""), resource: text("resource"),
  };
}

// proveFile proves with the key in the chosen file, which is read here and not sent.
async function proveFile(address) {
  const {kind, key} = await read($("file").files[0]);
  $("file").value = "";
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
  const block = button.closest("[data-recipe]")?.querySelector("pre");
  const text = textOf(held, name) ?? block?.textContent ?? $("public-array").textContent;
  const secret = textOf(held, name) || block?.querySelector("[data-key-form]");
  const address = URL.createObjectURL(new Blob([text], {type: "application/octet-stream"}));
  const link = document.createElement("a");
  link.href = address;
  link.download = decodeURIComponent(name);
  link.click();
  URL.revokeObjectURL(address);
  if (secret) taken = true;
}

addEventListener("beforeunload", (event) => {
  if (held && !taken) event.preventDefault();
});
// A browser may keep the page to come back to. Then it holds no key.
addEventListener("pagehide", () => {
  held = coming = null;
  for (const place of document.querySelectorAll("[data-key-form]")) place.textContent = "";
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
document.addEventListener("portvakt-moved", wire);
// A test that is repeated by itself is signed here too. What is being typed
// meanwhile is nobody's to save.
document.addEventListener("portvakt-retry", (event) => {
  if (!held) return;
  const address = document.querySelector("#prove [data-sign=held]").formAction;
  event.detail.answer = signed(held, address, {untouched: true}).then((answer) => answer ?? {status: 422, page: null});
});
// A browser that fills the form in again does not bring back the key.
form.elements.held.value = "";
wire();
