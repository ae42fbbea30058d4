// What was registered minutes ago may not have reached Maskinporten. Until it must
// have, the page tests again by itself. It is not navigated for that: the answer
// is fetched, and the parts that a test changes are moved over, so that nothing
// typed elsewhere is lost and nobody is moved to another place on the page.
const pause = 30;
const moved = ["headline", "marks", "prove", "configure"];

let timer;

function begin() {
  clearInterval(timer);
  const box = document.querySelector("[data-retry]");
  let left = Number(box?.dataset.retry);
  if (!(left > 0) || box.dataset.again !== "true") return;
  const said = box.querySelector("[role=status]");
  const stop = box.querySelector("button");
  const words = said.dataset.next;
  let next = Math.min(pause, left + 1);

  said.hidden = stop.hidden = false;
  stop.addEventListener("click", () => {
    clearInterval(timer);
    said.hidden = stop.hidden = true;
  });
  const tick = () => {
    if (next > 0) {
      // Spoken at the start and near the end; a screen reader need not hear each second.
      said.setAttribute("aria-live", next === pause || next === 10 ? "polite" : "off");
      said.textContent = words.replace("{seconds}", String(next));
      next--;
      return;
    }
    clearInterval(timer);
    said.textContent = said.dataset.running;
    again().catch(() => { said.textContent = said.dataset.failed; });
  };
  tick();
  timer = setInterval(tick, 1000);
}

// again presses the button of the test, as it were. A grant is never sent twice:
// the server makes a new one for each press.
async function again() {
  const button = document.querySelector("#prove button[formaction]");
  const answer = await post(button.form, button.formAction);
  const theirs = answer.getElementById("journey");
  const mine = document.getElementById("journey");
  if (!theirs) throw new Error("another page answered");
  for (const field of theirs.querySelectorAll(":scope > input[type=hidden]")) {
    mine.querySelector(`:scope > input[name="${field.name}"]`).value = field.value;
  }
  const inside = document.getElementById("prove").contains(document.activeElement);
  for (const id of moved) {
    const fresh = answer.getElementById(id);
    const old = document.getElementById(id);
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  }
  document.dispatchEvent(new Event("portvakt-moved"));
  if (inside) document.querySelector("#prove button[formaction]")?.focus({preventScroll: true});
  begin();
}

// post sends the form. A document in the answer is parsed without running the
// scripts in it.
function post(form, address) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address.split("#")[0]);
    request.responseType = "document";
    request.onload = () => {
      if (request.status === 200 && request.response) resolve(request.response);
      else reject(new Error(`status ${request.status}`));
    };
    request.onerror = () => reject(new Error("no answer"));
    request.send(new URLSearchParams(new FormData(form)));
  });
}

begin();
