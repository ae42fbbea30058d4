package views

import "slices"

// recipeGroup is a kind of program, with the purposes of those who most likely
// have such a program.
type recipeGroup struct {
	id       string
	purposes []string
}

var recipeGroups = []recipeGroup{
	{id: "dotnet", purposes: []string{"notifications", "instances"}},
	{id: "azure"},
	{id: "kubernetes"},
	{id: "jvm"},
	{id: "node"},
	{id: "python"},
	{id: "tools"},
	// What every reader can run, whatever the program is.
	{id: "shell", purposes: []string{"other"}},
}

// RecipeGroup is the blocks for one kind of program.
type RecipeGroup struct {
	ID string
	// Open is true for the most likely one.
	Open    bool
	Recipes []Recipe
}

// RecipeGroups are all blocks by kind of program. The one that fits the purpose
// comes first and is open.
func RecipeGroups(v RecipeValues, purpose string) []RecipeGroup {
	blocks := map[string][]Recipe{}
	for _, r := range Recipes(v) {
		blocks[r.Group] = append(blocks[r.Group], r)
	}
	var likely, others []RecipeGroup
	for _, g := range recipeGroups {
		shown := RecipeGroup{ID: g.id, Recipes: blocks[g.id]}
		if slices.Contains(g.purposes, purpose) {
			shown.Open = len(likely) == 0
			likely = append(likely, shown)
		} else {
			others = append(others, shown)
		}
	}
	return append(likely, others...)
}
