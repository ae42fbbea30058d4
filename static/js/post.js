// Posts the form of a page that must not be navigated, because it holds what would
// be gone then, and moves the answer into the page.
//
//   post(form, address, {add, drop, button, untouched})   a promise of the answer: a
//            document, its status and whether it is the same page. add are values to
//            send besides, drop the names of fields that are not sent, button is the
//            one that was pressed. untouched sends the form as it came from the
//            server. No file is ever sent.
//   fieldsOf(form, {button, untouched})   the values that would be sent
//   move(answer, fragment)   puts the answer's parts in the place of the page's, by
//            their ids. The event "portvakt-moved" follows.
//
// The browser parses the answer as a document of its own and runs no script in it.

const parts = ["headline", "marks", "alerts", "describe", "key", "register", "record", "prove", "configure", "hold-words"];

export function post(form, address, {add = {}, drop = [], button = null, untouched = false} = {}) {
  const fields = fieldsOf(form, {button, untouched});
  for (const [name, value] of [...fields]) {
    if (drop.includes(name) || value instanceof File) fields.delete(name);
  }
  for (const [name, value] of Object.entries(add)) fields.set(name, value);
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address.split("#")[0]);
    request.responseType = "document";
    request.timeout = 60_000;
    request.onload = () => {
      const page = request.response;
      resolve({status: request.status, page, same: Boolean(page?.getElementById("journey"))});
    };
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send(new URLSearchParams(fields));
  });
}

// fieldsOf is what a form says, or said when it came from the server.
export function fieldsOf(form, {button = null, untouched = false} = {}) {
  if (!untouched) return new FormData(form, button);
  const copy = form.cloneNode(true);
  copy.reset();
  return new FormData(copy);
}

export function move(page, fragment = "") {
  const again = focused();
  if (page.documentElement.lang !== document.documentElement.lang) translate(page);
  keepOpen(page);
  for (const theirs of page.querySelectorAll("#journey > input[type=hidden]")) {
    const mine = document.querySelector(`#journey > input[name="${theirs.name}"]`);
    if (mine) mine.value = theirs.value;
  }
  for (const id of parts) {
    const mine = document.getElementById(id), theirs = page.getElementById(id);
    if (!mine || !theirs) continue;
    keepFolds(mine, theirs, fragment === "");
    mine.replaceWith(theirs);
  }
  document.title = page.title;
  document.dispatchEvent(new Event("portvakt-moved"));
  look(fragment, again);
}

// focused is how to find again what has the focus, if it is moved away.
function focused() {
  const at = document.activeElement;
  if (at?.matches(".language")) return `.language[value="${at.value}"]`;
  const inParts = parts.some((id) => document.getElementById(id)?.contains(at));
  return inParts && at.id ? `[id="${CSS.escape(at.id)}"]` : "";
}

// What the reader unfolded stays so. Which steps are open is the answer's to say,
// but not when only the language was changed.
function keepFolds(mine, theirs, steps) {
  const [old, fresh] = [mine, theirs].map((part) => [...part.querySelectorAll("details")]);
  if (old.length !== fresh.length) return;
  fresh.forEach((fold, i) => {
    if (steps || fold.parentElement !== theirs) fold.open ||= old[i].open;
  });
}

// While a page holds a key, its links lead to new tabs.
function keepOpen(page) {
  for (const mine of document.querySelectorAll("body > header a, body > footer a")) {
    const theirs = page.querySelector(`body > header a[href="${mine.getAttribute("href")}"], body > footer a[href="${mine.getAttribute("href")}"]`);
    if (theirs) mine.target = theirs.target;
  }
}

// The words around the parts, when the language was changed.
function translate(page) {
  document.documentElement.lang = page.documentElement.lang;
  for (const around of ["header", "footer"]) {
    const mine = document.body.querySelector(`:scope > ${around}`), theirs = page.body.querySelector(`:scope > ${around}`);
    if (mine && theirs) mine.replaceWith(theirs);
  }
}

// Leads the reader to what is wrong, else to the step that the answer is about.
function look(fragment, focus) {
  const problems = document.getElementById("problems");
  if (problems) {
    problems.focus({preventScroll: true});
    problems.scrollIntoView({block: "center"});
    return;
  }
  const step = fragment && document.getElementById(fragment);
  if (step) {
    const fold = step.querySelector("details");
    if (fold) fold.open = true;
    step.scrollIntoView();
  }
  const again = (focus && document.querySelector(focus)) || step?.querySelector("summary");
  again?.focus({preventScroll: true});
}
