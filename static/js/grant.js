// The signature of a pasted grant is cut off here, before anything is sent: with
// it, whoever sees the text could fetch a token. The server drops one too, and
// without scripts the page tells how to cut it.
const field = document.getElementById("grant");
const told = document.getElementById("grant-cut");

for (const p of document.querySelectorAll("[data-manual]")) p.hidden = true;
for (const p of document.querySelectorAll("[data-scripted]")) p.hidden = false;

// What stands from the second full stop on, counted from where the JWT begins;
// also where it lies in a form, in a log line or in JSON.
function unsigned(text) {
  const bare = text.replace(/("signature"\s*:\s*")[^"]*/g, "$1");
  const start = Math.max(bare.search(/e[yw][\w-]{8}/), 0);
  const second = bare.indexOf(".", bare.indexOf(".", start) + 1);
  return second > start && bare.indexOf(".", start) >= 0 ? bare.slice(0, second) : bare;
}

// The common forms of a private key. The server knows more of them.
function isPrivate(text) {
  const mark = /PRIVATE KEY-----|"(?:d|p|q|dp|dq|qi|k)"\s*:\s*"/;
  if (mark.test(text)) return true;
  try {
    return mark.test(atob(text.replace(/\s/g, "").replaceAll("-", "+").replaceAll("_", "/")));
  } catch {
    return false;
  }
}

function clean() {
  if (isPrivate(field.value)) {
    field.value = "";
    told.textContent = told.dataset.private;
    return false;
  }
  const kept = unsigned(field.value);
  if (kept !== field.value) {
    field.value = kept;
    told.textContent = told.dataset.cut;
  }
  return true;
}

field.addEventListener("input", clean);
field.form.addEventListener("submit", (event) => {
  if (!clean()) event.preventDefault();
});
// A browser may fill the field in again when one comes back to the page.
clean();
