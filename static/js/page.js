// What scripts add to the pages; everything works without them.

// Copy buttons appear only where copying works. The text is read from the page
// at the press of the button and goes nowhere but to the clipboard.
function copyButtons() {
  for (const button of document.querySelectorAll("[data-copy][hidden]")) copyButton(button);
}
function copyButton(button) {
  const text = document.getElementById(button.dataset.copy);
  if (!text || !navigator.clipboard) return;
  const words = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.textContent);
      button.textContent = button.dataset.copied;
    } catch {
      button.textContent = button.dataset.failed;
    }
    setTimeout(() => { button.textContent = words; }, 2000);
  });
}
copyButtons();
// Another script has moved parts of another answer into this page.
document.addEventListener("portvakt-moved", copyButtons);

// After a rejected form the summary of what is wrong takes the focus. Until the
// page has loaded the browser itself goes to the fragment of the form's address,
// and would take the focus away again.
const problems = document.getElementById("problems");
if (problems) {
  addEventListener("load", () => requestAnimationFrame(() => {
    // A quick reader may be in a field already.
    if (document.activeElement !== document.body && document.activeElement !== problems) return;
    problems.focus({preventScroll: true});
    problems.scrollIntoView({behavior: "instant", block: "center"});
  }));
}

// Searching the scopes filters the list at once. A checked scope always stays.
for (const list of document.querySelectorAll("[data-filter]")) {
  const query = document.getElementById(list.dataset.filter);
  const count = document.getElementById("catalogue");
  query?.addEventListener("input", () => {
    const words = query.value.toLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const field of list.querySelectorAll(".ds-field")) {
      const hit = words.every((word) => field.textContent.toLowerCase().includes(word));
      field.hidden = !hit && !field.querySelector("input").checked;
      if (hit) found++;
    }
    // A heading goes with the last scope under it.
    for (const group of list.querySelectorAll("fieldset")) {
      group.hidden = !group.querySelector(".ds-field:not([hidden])");
    }
    if (count) count.textContent = count.dataset.count.replace("0", String(found));
  });
}

// Who wants other scopes than a purpose fills in needs the list of them.
document.getElementById("purpose-other")?.addEventListener("change", () => {
  document.querySelector("#describe details.ds-details").open = true;
});

// A folded step opens when a link leads to it.
function openTarget() {
  const id = decodeURIComponent(location.hash.slice(1));
  const target = id ? document.getElementById(id) : null;
  for (let fold = target?.closest("details") ?? target?.querySelector("details"); fold; fold = fold.parentElement?.closest("details")) {
    fold.open = true;
  }
}
addEventListener("hashchange", openTarget);
openTarget();
addEventListener("click", (event) => {
  if (event.target.closest?.('a[href^="#"]')) setTimeout(openTarget);
});

// The header's menu closes at Escape and when the reader goes on elsewhere.
addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.menu");
  if (event.key === "Escape" && menu?.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
addEventListener("click", (event) => {
  const menu = document.querySelector("details.menu");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

// While an answer is on its way the button says so.
addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.dataset.busy) {
    button.setAttribute("aria-busy", "true");
    button.textContent = button.dataset.busy;
  }
});
