// JSON as people paste it: written anew without what word processors, mail
// programs and tolerant parsers do to it. It invents nothing: an end that is
// missing stays missing.
//
//   mend(text)   {text, how, open}: the mended text; the codes of what was mended
//                ("quotes", "breaks", "commas", "comments"); whether the text ends in
//                the middle

const curly = "“”„‟«»‘’‚";

export function mend(text) {
  const how = new Set();
  const single = !/["“”„«»]/.test(text); // then single marks are quotation marks
  let out = "", mark = "", escaped = false, depth = 0;

  const inside = (c) => {
    if (escaped) escaped = false;
    else if (c === "\\") escaped = true;
    else if (/[\n\r\t]/.test(c)) {
      how.add("breaks");
      return;
    } else if (closes(mark, c)) {
      mark = "";
      c = '"';
    }
    out += c;
  };
  const outside = (c) => {
    if (c === '"' || curly.includes(c) || (c === "'" && single)) {
      if (c !== '"') how.add("quotes");
      mark = c;
      c = '"';
    }
    if (c === "{" || c === "[") depth++;
    if (c === "}" || c === "]") depth--;
    // No-break spaces among them, which JSON does not know.
    out += /[\s\u200b]/.test(c) ? " " : c;
  };

  for (let at = 0; at < text.length;) {
    const comment = mark ? 0 : commentAt(text, at);
    if (comment) {
      how.add("comments");
      at += comment;
    } else if (mark) {
      inside(text[at++]);
    } else {
      outside(text[at++]);
    }
  }
  out = withoutCommas(out.replace(/[;\s]+$/, ""), how);
  const order = ["quotes", "breaks", "commas", "comments"];
  return {text: out, how: order.filter((code) => how.has(code)), open: mark !== "" || depth > 0};
}

// A curly mark ends only what a curly one began.
const closes = (mark, c) => (mark === '"' || mark === "'" ? c === mark : c === '"' || curly.includes(c));

// How long the comment is that begins here, outside texts; 0 if none does.
function commentAt(text, at) {
  const end = {"//": "\n", "/*": "*/"}[text.slice(at, at + 2)];
  if (!end) return 0;
  const found = text.indexOf(end, at + 2);
  if (found < 0) return text.length - at;
  return found - at + (end === "*/" ? 2 : 0);
}

// Without commas before a closing bracket and at the end.
function withoutCommas(text, how) {
  return text.replace(/"(?:[^"\\]|\\.)*"|,(?=\s*(?:,\s*)*(?:[}\]]|$))/g, (found) => {
    if (found[0] === '"') return found;
    how.add("commas");
    return " ";
  }).trimEnd();
}
