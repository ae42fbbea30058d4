// What was registered minutes ago may not have reached Maskinporten. Until it must
// have, the page tests again by itself. It is not navigated for that: the answer
// is fetched, and what a test changes is moved over, so that nothing typed is lost
// and nobody is moved to another place on the page.
const pause = 30;
const form = document.getElementById("journey");
// A screen reader hears when it begins and how it ends, not each second between.
const speak = (words) => { document.getElementById("spoken").textContent = words; };

let timer, request;

function begin() {
  clearInterval(timer);
  const box = document.querySelector("[data-retry]");
  const left = Number(box?.dataset.retry);
  if (!(left > 0) || box.dataset.again !== "true") return;
  const told = box.querySelector("[data-next]");
  const button = box.querySelector("button");
  const end = (words) => {
    clearInterval(timer);
    request?.abort();
    if (document.activeElement === button) testButton().focus({preventScroll: true});
    button.hidden = true;
    told.textContent = words;
    speak(words);
  };
  // By the clock, not by the ticks: a page in the background gets few of them.
  const due = Date.now() + Math.min(pause, left + 1) * 1000;
  const tick = () => {
    const seconds = Math.ceil((due - Date.now()) / 1000);
    if (seconds > 0) {
      told.textContent = told.dataset.next.replace("{seconds}", String(seconds));
      return;
    }
    clearInterval(timer);
    told.textContent = told.dataset.running;
    again(told, end).catch(() => end(told.dataset.failed));
  };
  button.addEventListener("click", () => end(told.dataset.stopped));
  told.hidden = button.hidden = false;
  timer = setInterval(tick, 1000);
  tick();
  if (!document.getElementById("spoken").textContent) speak(told.textContent);
}

// again presses the button of the test, as it were. A grant is never sent twice:
// the server makes a new one for each press.
async function again(told, end) {
  // Where the page has the key itself, another script tests, and signs.
  const asked = new CustomEvent("portvakt-retry", {detail: {}});
  document.dispatchEvent(asked);
  const {status, page} = await (asked.detail.answer ?? send());
  if (status === 200 && page.getElementById("proved")) {
    take(page);
  } else if (status === 401) {
    end(told.dataset.signedOut);
  } else if (status) {
    end(page?.getElementById("prove-problem")?.textContent.trim() || told.dataset.failed);
  }
}

// send posts the form as it came from the server. What is being typed meanwhile is
// nobody's to save. A document in the answer is parsed without running its scripts.
// The status is 0 when it was stopped.
function send() {
  const untouched = form.cloneNode(true);
  untouched.reset();
  return new Promise((resolve, reject) => {
    request = new XMLHttpRequest();
    request.open("POST", testButton().formAction.split("#")[0]);
    request.responseType = "document";
    request.timeout = 60_000;
    request.onload = () => resolve({status: request.status, page: request.response});
    request.onabort = () => resolve({status: 0});
    request.onerror = request.ontimeout = () => reject(new Error("no answer"));
    request.send(new URLSearchParams(new FormData(untouched)));
  });
}

// take moves over what the test has changed.
function take(page) {
  for (const field of page.querySelectorAll("#journey > input[type=hidden]")) {
    const mine = form.querySelector(`:scope > input[name="${field.name}"]`);
    if (mine) mine.value = field.value;
  }
  for (const theirs of page.querySelectorAll("#journey > .step")) {
    const mine = document.getElementById(theirs.id);
    mine.className = theirs.className;
    mine.querySelector(".step-sum").textContent = theirs.querySelector(".step-sum").textContent;
    if (mine.matches(".current")) mine.querySelector("details").open = true;
  }
  const until = page.querySelector("[data-until]")?.textContent;
  for (const mine of document.querySelectorAll("[data-until]")) mine.textContent = until ?? mine.textContent;
  for (const id of ["headline", "marks"]) document.getElementById(id).replaceWith(page.getElementById(id));
  takeResult(document.getElementById("proved"), page.getElementById("proved"));
}

// takeResult puts the new result in the place of the old one. What was unfolded
// stays so, and the focus stays where it was, as far as that is still there.
function takeResult(old, fresh) {
  const places = (e) => [...e.querySelectorAll("a, button, summary, [tabindex]")];
  const at = places(old).indexOf(document.activeElement);
  const open = [...old.querySelectorAll("details[open] > summary")].map((s) => s.textContent);
  for (const s of fresh.querySelectorAll("summary")) s.parentElement.open ||= open.includes(s.textContent);
  old.replaceWith(fresh);
  document.dispatchEvent(new Event("portvakt-moved"));
  const waits = fresh.querySelector("[data-retry]");
  if (!waits) speak(document.getElementById("result-title").textContent);
  if (at >= 0) (waits ? places(fresh)[at] : testButton()).focus({preventScroll: true});
}

function testButton() { return document.querySelector("#prove button[formaction*='/proofs']"); }

begin();
// A test made by another script brings a wait of its own.
document.addEventListener("portvakt-moved", begin);
