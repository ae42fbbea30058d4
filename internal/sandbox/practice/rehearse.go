package practice

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"portvakt/internal/sandbox"
	"portvakt/views"
)

// rehearsal is the form on which failures are turned on, as it was filled in.
type rehearsal struct {
	// on are the ids of the faults whose switches are on.
	on []string
	// seconds are the texts of the number fields, by the names of the fields.
	seconds  map[string]string
	problems views.PracticeProblems
}

// kindOf is the kind of a fault that every call can meet, and otherwise the fault's own id.
func kindOf(id string) string {
	_, kind, _ := strings.Cut(id, ".")
	return cmp.Or(kind, id)
}

// secondsField is the number field of a fault. The faults of one kind share theirs.
func secondsField(id string) string { return views.RehearseField(kindOf(id)) }

func (p *Pages) rehearseShow(w http.ResponseWriter, r *http.Request) error {
	form := rehearsal{seconds: map[string]string{}}
	for _, f := range sandbox.Faults() {
		if f.Parameter == sandbox.ParameterSeconds {
			form.seconds[secondsField(f.ID)] = strconv.Itoa(f.Usual)
		}
	}
	for _, active := range p.sandbox.ActiveFaults() {
		form.on = append(form.on, active.ID)
		if active.Seconds > 0 {
			form.seconds[secondsField(active.ID)] = strconv.Itoa(active.Seconds)
		}
	}
	return p.renderRehearsal(w, r, form)
}

// readRehearsal reads the form. What is no fault comes from no switch of ours and is left out.
func readRehearsal(r *http.Request) rehearsal {
	form := rehearsal{seconds: map[string]string{}}
	for _, f := range sandbox.Faults() {
		if slices.Contains(r.PostForm["fault"], f.ID) {
			form.on = append(form.on, f.ID)
		}
		field := secondsField(f.ID)
		if _, read := form.seconds[field]; read || f.Parameter != sandbox.ParameterSeconds {
			continue
		}
		text, problems := typed(r, field)
		form.seconds[field], form.problems = text, append(form.problems, problems...)
	}
	return form
}

// wanted are the faults to turn on. What is no number is one that the sandbox refuses.
func (f rehearsal) wanted() []sandbox.ActiveFault {
	var wanted []sandbox.ActiveFault
	for _, id := range f.on {
		seconds, err := strconv.Atoi(strings.TrimSpace(f.seconds[secondsField(id)]))
		if err != nil {
			seconds = -1
		}
		wanted = append(wanted, sandbox.ActiveFault{ID: id, Seconds: seconds})
	}
	return wanted
}

// rehearseDraft shows the form again in another language.
func (p *Pages) rehearseDraft(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	p.keepLanguage(w, r)
	return p.renderRehearsal(w, r, readRehearsal(r))
}

func (p *Pages) rehearseSet(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	form := readRehearsal(r)
	if len(form.problems) == 0 {
		problems, err := refused(p.sandbox.SetFaults(form.wanted()))
		if err != nil {
			return err
		}
		form.problems = atFields(p.text(r), problems)
	}
	if len(form.problems) > 0 {
		return p.renderRehearsal(w, r, form)
	}
	seeOther(w, views.RehearsePath()+"?done=saved")
	return nil
}

func (p *Pages) rehearseClear(w http.ResponseWriter, _ *http.Request) error {
	p.sandbox.ClearFaults()
	seeOther(w, views.RehearsePath()+"?done=cleared")
	return nil
}

// atFields moves problems of faults to the fields on the page, each to be told once.
func atFields(t views.Text, problems views.PracticeProblems) views.PracticeProblems {
	var moved views.PracticeProblems
	for _, one := range problems {
		one.Field, one.Figures["fault"] = secondsField(one.Field), views.RehearseName(t, kindOf(one.Field))
		if !about(moved, one.Field) {
			moved = append(moved, one)
		}
	}
	return moved
}

func (p *Pages) renderRehearsal(w http.ResponseWriter, r *http.Request, form rehearsal) error {
	t := p.text(r)
	page := views.RehearsePage{
		Page:     typing(p.page(t, r, t.S("rehearse.title")), views.RehearseDraftPath()),
		Problems: form.problems,
	}
	if deed := r.URL.Query().Get("done"); deed == "saved" || deed == "cleared" {
		page.Done = deed
	}
	for _, f := range sandbox.Faults() {
		page.Groups = form.with(page.Groups, f)
	}
	page.Groups[0].Open = true
	return render(w, r, status(form.problems), views.Rehearse(page))
}

// groupOf is the group in which a fault stands on the page.
func groupOf(f sandbox.Fault) string {
	if f.Kind != "" {
		return "any"
	}
	return f.Service
}

// with adds a fault to its group, the last one or a new one: Faults has them in the order of the page. What a person is
// to see is unfolded: faults that are on, and fields with problems.
func (f rehearsal) with(groups []views.RehearseGroup, one sandbox.Fault) []views.RehearseGroup {
	if n := len(groups); n == 0 || groups[n-1].Service != groupOf(one) {
		groups = append(groups, views.RehearseGroup{Service: groupOf(one)})
	}
	group, on := &groups[len(groups)-1], slices.Contains(f.on, one.ID)
	if on {
		group.On++
	}
	group.Open = group.Open || on || about(f.problems, secondsField(one.ID))
	timed, seconds := one.Parameter == sandbox.ParameterSeconds, shown(f.seconds[secondsField(one.ID)])
	if one.Kind == "" {
		group.Faults = append(group.Faults, views.RehearseFault{ID: one.ID, On: on, Timed: timed, Seconds: seconds})
		return groups
	}
	if n := len(group.Kinds); n == 0 || group.Kinds[n-1].Kind != one.Kind {
		group.Kinds = append(group.Kinds, views.RehearseKind{Kind: one.Kind, Timed: timed, Seconds: seconds})
	}
	kind := &group.Kinds[len(group.Kinds)-1]
	kind.Calls = append(kind.Calls, views.RehearseCall{ID: one.ID, Call: one.Call, On: on})
	return groups
}
