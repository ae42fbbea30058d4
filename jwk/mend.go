package jwk

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// mender writes JSON anew without what word processors, mail programs and
// tolerant parsers do to it. It invents nothing: an end that is missing stays
// missing.
type mender struct {
	out     []byte
	quote   rune // the mark that opened the text, or 0
	escaped bool
	depth   int
	single  bool // single marks are quotation marks
	remarks map[string]bool
}

// mend gives the mended text, what was mended, and whether the text ends in the
// middle.
func mend(data []byte) (mended []byte, how []Remark, open bool) {
	m := mender{single: !bytes.ContainsAny(data, `"“”„«»`), remarks: map[string]bool{}}
	for len(data) > 0 {
		if n := m.comment(data); n > 0 {
			data = data[n:]
			continue
		}
		r, size := utf8.DecodeRune(data)
		if m.quote != 0 {
			m.inside(r, data[:size])
		} else {
			m.outside(r, data[:size])
		}
		data = data[size:]
	}
	open = m.quote != 0 || m.depth > 0
	m.out = m.withoutCommas(bytes.TrimRight(m.out, "; \t\r\n"))
	for _, code := range []string{ReadQuotes, ReadBreaks, ReadCommas, ReadComments} {
		if m.remarks[code] {
			how = append(how, Remark{code, ""})
		}
	}
	return m.out, how, open
}

func (m *mender) inside(r rune, raw []byte) {
	switch {
	case m.escaped:
		m.escaped = false
	case r == '\\':
		m.escaped = true
	case r == '\n' || r == '\r' || r == '\t':
		m.remarks[ReadBreaks] = true
		return
	case m.closes(r):
		m.out, m.quote = append(m.out, '"'), 0
		return
	}
	m.out = append(m.out, raw...)
}

// closes says whether the mark ends the text. A curly one ends only what a
// curly one began.
func (m *mender) closes(r rune) bool {
	if m.quote == '"' || m.quote == '\'' {
		return r == m.quote
	}
	return r == '"' || curly(r)
}

func (m *mender) outside(r rune, raw []byte) {
	switch {
	case r == '"', r == '\'' && m.single, curly(r):
		if r != '"' {
			m.remarks[ReadQuotes] = true
		}
		m.out, m.quote = append(m.out, '"'), r
		return
	case r == '{' || r == '[':
		m.depth++
	case r == '}' || r == ']':
		m.depth--
	case unicode.IsSpace(r), r == '\u200b', r == '\ufeff':
		// No-break spaces among them, which JSON does not know.
		m.out = append(m.out, ' ')
		return
	}
	m.out = append(m.out, raw...)
}

func curly(r rune) bool {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '‘', '’', '‚':
		return true
	}
	return false
}

// comment measures a comment at the beginning of data, outside texts.
func (m *mender) comment(data []byte) int {
	if m.quote != 0 || len(data) < 2 || data[0] != '/' {
		return 0
	}
	end, extra := -1, 0
	switch data[1] {
	case '/':
		end = bytes.IndexByte(data, '\n')
	case '*':
		if end = bytes.Index(data[2:], []byte("*/")); end >= 0 {
			end, extra = end+2, 2
		}
	default:
		return 0
	}
	m.remarks[ReadComments] = true
	if end < 0 {
		return len(data)
	}
	return end + extra
}

// withoutCommas takes out commas before a closing bracket and at the end.
func (m *mender) withoutCommas(data []byte) []byte {
	out := make([]byte, 0, len(data))
	inside, escaped := false, false
	comma := -1 // where the last thing that was written is a comma
	for _, b := range data {
		switch {
		case inside:
			inside, escaped = escaped || b != '"', !escaped && b == '\\'
		case b == '"':
			inside, comma = true, -1
		case b == ',':
			comma = len(out)
		case (b == '}' || b == ']') && comma >= 0:
			out[comma], comma = ' ', -1
			m.remarks[ReadCommas] = true
		case b != ' ':
			comma = -1
		}
		out = append(out, b)
	}
	if comma >= 0 && !inside {
		out = out[:comma]
		m.remarks[ReadCommas] = true
	}
	return out
}
